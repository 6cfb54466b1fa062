import FleetSpec
import Testing
import World

@testable import Firmware

/// Links that look open and are not, or not in both directions, certificates that run out, and latency.
@Suite struct LinkFaultTests {
  private static let calm = "faults: {redelivery: 0, repeats: 0, late: 0}"

  private func episodes(_ world: World, _ device: Int) -> [Outage] {
    var list: [Outage] = []
    for var episode in world.linkEpisodes(device: device) {
      while episode.current.start < world.start + world.fleet.duration {
        list.append(episode.current)
        episode.advance()
      }
    }
    return list
  }

  private func copies(_ network: VirtualNetwork) -> [String: Int] {
    network.arrivals.reduce(into: [:]) { $0["\($1.device):\($1.seq)", default: 0] += 1 }
  }

  @Test func nothingGetsThroughADeadLinkAndAllOfItComesAfterwardsOnce() throws {
    let profile = """
      \(Self.calm)
      link_faults: {dead: {every: 3m, length: 40s, spread: 0.3}}
      connection: {acknowledgement_timeout: 10s, inflight: 8}
      """
    let world = try Fixture.world(seed: 11, duration: "20m", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    #expect(network.notebook.count(.linkDied) > 10 && network.notebook.count(.acknowledgementTimedOut) > 10)
    #expect(network.notebook.count(.linkDied) == network.notebook.count(.linkRevived))
    #expect(network.notebook.count(.attemptFailed) > 0)
    #expect(network.arrivals.allSatisfy { !network.isDead($0.device, at: $0.sent) })
    let lastMinutes = world.start + world.fleet.duration - 180_000
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged || $0.trueTime > lastMinutes })
    // Only what had just left when the link died may have come twice.
    let twice = network.notebook.deliveries.filter { $0.attempts > 1 }
    for delivery in twice {
      #expect(episodes(world, delivery.device).contains { abs($0.start - delivery.firstSent) < 500 }, "\(delivery)")
    }
  }

  @Test func aDeadLinkThatNobodyUsesIsNoticedByTheKeepalive() throws {
    let profile = """
      \(Self.calm)
      link_faults: {dead: {every: 10m, length: 4m, spread: 0}}
      connection: {acknowledgement_timeout: 10m, keepalive: 30s}
      """
    let world = try Fixture.world(seed: 12, duration: "4h", interval: "5m", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    let missed = network.notebook.events.filter { $0.event == .keepaliveMissed }
    #expect(missed.count > 20)
    for event in missed {
      let died = network.notebook.events.last { $0.event == .linkDied && $0.device == event.device && $0.time <= event.time }
      #expect(event.time - (died?.time ?? 0) == 60_000)
    }
  }

  @Test func whatArrivesOverAOneWayLinkComesTwice() throws {
    let profile = """
      \(Self.calm)
      link_faults: {acknowledgements_lost: {every: 3m, length: 20s, spread: 0.3}}
      connection: {acknowledgement_timeout: 8s, inflight: 4}
      """
    let world = try Fixture.world(seed: 13, duration: "20m", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    let copies = copies(network)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged })
    var during = 0
    for delivery in network.notebook.deliveries {
      let number = copies["\(delivery.device):\(delivery.seq)"] ?? 0
      #expect(number == Int(delivery.attempts))
      if episodes(world, delivery.device).contains(where: { $0.start < delivery.firstSent && delivery.firstSent < $0.end }) {
        during += 1
        #expect(number >= 2, "\(delivery)")
      }
    }
    #expect(during > 20)
  }

  @Test func nobodyConnectsBetweenExpiryAndRenewal() throws {
    let profile = """
      \(Self.calm)
      network_outages: {every: 60s, length: 5s, spread: 0.3}
      connection: {certificate_expiry: {after: 5m, renewed_after: 3m..6m}, backoff_maximum: 10s}
      """
    let world = try Fixture.world(seed: 14, devices: 10, duration: "20m", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    var stayedOpen = 0
    for device in world.devices.indices {
      let gap = episodes(world, device)[0]
      let connects = network.notebook.events.filter { $0.event == .connected && $0.device == device }.map(\.time)
      #expect(connects.allSatisfy { $0 <= gap.start || gap.end <= $0 })
      #expect(connects.contains { $0 < gap.start } && connects.contains { gap.end < $0 })
      if network.arrivals.contains(where: { $0.device == device && gap.start < $0.sent && $0.sent < gap.end }) { stayedOpen += 1 }
    }
    // An open connection is not closed by the expiry, only by the next outage.
    #expect(stayedOpen >= 5)
    #expect(network.notebook.count(.certificateExpired) == 10 && network.notebook.count(.certificateRenewed) == 10)
    #expect(network.notebook.count(.attemptFailed) > 10)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged })
  }

  @Test func latencyKeepsTheOrder() throws {
    let profile = "\(Self.calm)\nconnection: {latency: {median: 2s, spread: 1.2}, inflight: 50, acknowledgement_timeout: 1h}"
    let network = VirtualNetwork(world: try Fixture.world(seed: 15, duration: "30m", profile: profile))
    network.play()
    for device in network.firmware.indices {
      let seqs = network.arrivals.filter { $0.device == device }.sorted { $0.sent < $1.sent }.map(\.seq)
      #expect(seqs == seqs.sorted() && seqs.count == Int(network.firmware[device].measured))
    }
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged && $0.attempts == 1 })
  }
}
