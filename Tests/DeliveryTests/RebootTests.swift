import FleetSpec
import Testing
import World

@testable import Firmware

/// What a loss of power does to readings and to the MQTT session.
@Suite struct RebootTests {
  private static let base = """
    faults: {redelivery: 0, repeats: 0, late: 0}
    power_outages: {every: 4m, length: 20s, spread: 0.3}
    """

  @Test func anUnsavedPointerSendsTheLastReadingsAgain() throws {
    let profile = Self.base + "\nbuffer: {acknowledgement_pointer: unsaved, resend: 6, replay_rate: unlimited}"
    let network = VirtualNetwork(world: try Fixture.world(seed: 21, duration: "30m", profile: profile))
    network.play()
    let losses = network.notebook.events.filter { $0.event == .powerLost }
    #expect(losses.count > 15)
    for loss in losses {
      let again = network.notebook.events.filter { $0.event == .resentAfterReboot && $0.device == loss.device && $0.time == loss.time }
      // The newest readings that had been acknowledged by then, not more than asked for.
      let arrived = Set(network.arrivals.filter { $0.device == loss.device && $0.sent + 2 * ($0.time - $0.sent) < loss.time }.map(\.seq))
      let newest = arrived.sorted().suffix(6)
      #expect(again.count == min(6, arrived.count), "\(again.count) of \(arrived.count)")
      #expect(again.map(\.seq).sorted() == Array(newest))
    }
    // All of it was acknowledged before, and is told once, with all its copies.
    let copies: [String: Int] = network.arrivals.reduce(into: [:]) { $0["\($1.device):\($1.seq)", default: 0] += 1 }
    for delivery in network.notebook.deliveries where delivery.outcome != .withheld {
      #expect(delivery.outcome == .acknowledged && copies["\(delivery.device):\(delivery.seq)"] == Int(delivery.attempts))
    }
    #expect(network.notebook.deliveries.contains { $0.attempts > 1 && $0.lastSent - $0.acknowledgedAt > 15_000 })
  }

  @Test func aSavedPointerSendsNothingAgain() throws {
    let network = VirtualNetwork(world: try Fixture.world(seed: 21, duration: "30m", profile: Self.base))
    network.play()
    let again = network.notebook.deliveries.filter { $0.attempts > 1 }
    // Only what waited for its acknowledgement when power was lost.
    #expect(again.count <= network.notebook.count(.powerLost) * 4)
    #expect(network.notebook.count(.resentAfterReboot) == 0)
  }

  /// With a persistent session what was unacknowledged goes out as re-deliveries before all else; with a clean one as new messages.
  @Test(arguments: [true, false]) func theSessionDecidesHowUnacknowledgedMessagesComeBack(isPersistent: Bool) throws {
    let profile = """
      \(Self.base)
      connection: {session: \(isPersistent ? "persistent" : "clean"), inflight: 10, acknowledgement_timeout: 1h}
      link_faults: {acknowledgements_lost: {every: 2m, length: 2m, spread: 0.5}}
      """
    let network = VirtualNetwork(world: try Fixture.world(seed: 22, duration: "40m", profile: profile))
    network.play()
    let losses = network.notebook.events.filter { $0.event == .powerLost }
    var redelivered = 0
    for loss in losses {
      let next = network.notebook.events.first { $0.event == .connected && $0.device == loss.device && $0.time > loss.time }
      guard let next else { continue }
      redelivered +=
        network.notebook.events.filter { $0.event == .sentAgain && $0.device == loss.device && $0.time == next.time }.count
    }
    #expect(isPersistent ? redelivered > 20 : redelivered == 0)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome != .discarded })
  }

  @Test func aBufferThatIsNotPersistentLosesWhatItHeld() throws {
    let profile = """
      \(Self.base)
      buffer: {persistent: false}
      network_outages: {every: 1m, length: 3m, spread: 0}
      """
    let network = VirtualNetwork(world: try Fixture.world(seed: 23, duration: "40m", profile: profile))
    network.play()
    let discarded = network.notebook.deliveries.filter { $0.outcome == .discarded }
    #expect(discarded.count > 50)
    let losses = network.notebook.events.filter { $0.event == .powerLost }
    for delivery in discarded {
      #expect(losses.contains { $0.device == delivery.device && $0.time >= delivery.trueTime && $0.time < delivery.trueTime + 300_000 })
    }
  }

  @Test func theBufferReachesBackNoFurtherThanItsAge() throws {
    let profile = """
      faults: {redelivery: 0, repeats: 0, late: 0}
      network_outages: {every: 2m, length: 4m, spread: 0}
      buffer: {maximum_age: 60s, replay_rate: unlimited}
      """
    let network = VirtualNetwork(world: try Fixture.world(seed: 24, duration: "30m", profile: profile))
    network.play()
    #expect(network.notebook.count(.expired) > 50)
    for delivery in network.notebook.deliveries {
      if delivery.outcome == .discarded { continue }
      #expect(delivery.firstSent - delivery.trueTime <= 61_000, "\(delivery)")
    }
    #expect(network.notebook.count(.expired) == network.notebook.deliveries.filter { $0.outcome == .discarded }.count)
  }

  @Test func liveReadingsDoNotWaitForTheBacklog() throws {
    func delays(_ priority: String) throws -> [Milliseconds] {
      let profile = """
        faults: {redelivery: 0, repeats: 0, late: 0}
        network_outages: {every: 5m, length: 5m, spread: 0}
        buffer: {replay_rate: 1/s, priority: \(priority)}
        """
      let network = VirtualNetwork(world: try Fixture.world(seed: 25, duration: "30m", profile: profile))
      network.play()
      let returned = network.notebook.events.filter { $0.event == .networkReturned }
      // What was measured while a backlog was worked off.
      return network.notebook.deliveries.filter { delivery in
        returned.contains { $0.device == delivery.device && $0.time + 10_000 < delivery.trueTime && delivery.trueTime < $0.time + 60_000 }
      }.filter { $0.firstSent > 0 }.map { $0.firstSent - $0.trueTime }
    }
    let live = try delays("live")
    #expect(live.count > 50)
    #expect(live.filter { $0 < 1_000 }.count > live.count * 9 / 10)
    let behind = try delays("backlog")
    #expect(behind.filter { $0 < 10_000 }.count < behind.count / 4)
  }
}
