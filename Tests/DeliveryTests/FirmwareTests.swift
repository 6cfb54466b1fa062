import FleetSpec
import Testing
import World

@testable import Firmware

/// The firmware on a virtual clock and network.
@Suite struct FirmwareTests {
  private static let hardship = """
    network_outages: {every: 60s, length: 8s, spread: 0.5}
    power_outages: {every: 3m, length: 10s, spread: 0.3}
    faults: {redelivery: 2 %, repeats: 3 %, repeat_after: 1s..5s, late: 3 %, late_by: 3s..30s}
    """

  @Test func theSameSeedPlaysTheSameRun() throws {
    func play() throws -> [Delivery] {
      let network = VirtualNetwork(
        world: try Fixture.world(seed: 9, profile: Self.hardship), weather: .init(loss: 0.02, lostAcknowledgement: 0.02, refusal: 0.1))
      network.play()
      return network.notebook.deliveries
    }
    let first = try play()
    #expect(!first.isEmpty)
    #expect(try play() == first)
  }

  @Test func aHealthyNetworkDeliversEachReadingOnceAndInOrder() throws {
    let network = VirtualNetwork(world: try Fixture.world(seed: 2, profile: "faults: {redelivery: 0, repeats: 0, late: 0}"))
    network.play()
    for device in network.firmware.indices {
      let seqs = network.arrivals.filter { $0.device == device }.map(\.seq)
      #expect(seqs == Array(0..<network.firmware[device].measured))
    }
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged && $0.attempts == 1 })
  }

  @Test func aCutBetweenPublishAndAcknowledgementReachesTheBrokerTwice() throws {
    let network = VirtualNetwork(
      world: try Fixture.world(seed: 3, profile: "faults: {redelivery: 5 %, repeats: 0, late: 0}\nconnection: {inflight: 1}"))
    network.play()
    let cut = network.notebook.events.filter { $0.event == .cutAfterPublish }
    #expect(cut.count > 10)
    for event in cut {
      let copies = network.arrivals.filter { $0.device == event.device && $0.seq == event.seq }.count
      #expect(copies == 2, "reading \(event.seq) of device \(event.device)")
    }
  }

  @Test func repeatsAndLateReadingsComeAtTheirRate() throws {
    let faults = "faults: {redelivery: 0, repeats: 10 %, repeat_after: 2s..4s, late: 10 %, late_by: 20s..40s}"
    let network = VirtualNetwork(world: try Fixture.world(seed: 4, devices: 20, profile: faults))
    network.play()
    let readings = Double(network.notebook.deliveries.count)
    #expect(abs(Double(network.notebook.count(.repeated)) / readings - 0.1) < 0.02)
    #expect(abs(Double(network.notebook.count(.heldBack)) / readings - 0.1) < 0.02)
    let late = Set(network.notebook.events.filter { $0.event == .heldBack }.map { "\($0.device):\($0.seq)" })
    for delivery in network.notebook.deliveries where delivery.firstSent > 0 {
      let delay = delivery.firstSent - delivery.trueTime
      #expect((delay >= 20_000) == late.contains("\(delivery.device):\(delivery.seq)"))
    }
  }

  @Test(arguments: [("drop-oldest", true), ("drop-newest", false)]) func aFullBufferLetsGo(policy: String, keepsNewest: Bool) throws {
    let profile = """
      network_outages: {every: 60s, length: 200s, spread: 0}
      buffer: {capacity: 10, overflow: \(policy)}
      connection: {inflight: 4}
      faults: {redelivery: 0, repeats: 0, late: 0}
      """
    let network = VirtualNetwork(world: try Fixture.world(seed: 5, duration: "8m", profile: profile))
    var largest = 0
    network.inspect = { largest = max(largest, $0.backlog) }
    network.play()
    #expect(largest == 10)
    let discarded = network.notebook.deliveries.filter { $0.outcome == .discarded }
    #expect(discarded.count > 20)
    // In each outage the survivors are the newest readings, or the oldest.
    let outage = try #require(network.notebook.events.first { $0.event == .networkLost })
    let returned = try #require(network.notebook.events.first { $0.event == .networkReturned && $0.device == outage.device })
    let during = network.notebook.deliveries.filter {
      $0.device == outage.device && $0.trueTime > outage.time && $0.trueTime < returned.time
    }.sorted { $0.seq < $1.seq }
    let edge = keepsNewest ? during.last : during.first
    #expect(edge?.outcome == .acknowledged)
  }

  @Test func replayKeepsToItsRateAndOrder() throws {
    let profile = """
      network_outages: {every: 60s, length: 120s, spread: 0}
      buffer: {capacity: 1000, order: oldest-first, replay_rate: 5/s}
      faults: {redelivery: 0, repeats: 0, late: 0}
      """
    let network = VirtualNetwork(world: try Fixture.world(seed: 6, devices: 1, duration: "8m", profile: profile))
    network.play()
    let returned = try #require(network.notebook.events.first { $0.event == .networkReturned })
    let replay = network.notebook.deliveries.filter { $0.firstSent > returned.time && $0.firstSent - $0.trueTime > 15_000 }
      .sorted { ($0.firstSent, $0.seq) < ($1.firstSent, $1.seq) }
    #expect(replay.count > 20)
    #expect(replay.map(\.seq) == replay.map(\.seq).sorted())
    let span = (replay.map(\.firstSent).max() ?? 0) - (replay.map(\.firstSent).min() ?? 0)
    #expect(span >= Int64(replay.count - 1) * 200 - 2_000)
  }

  @Test func backOffGrowsAndIsJittered() throws {
    let profile = "connection: {backoff_base: 1s, backoff_maximum: 60s}\nfaults: {redelivery: 0, repeats: 0, late: 0}"
    let world = try Fixture.world(seed: 7, devices: 200, duration: "20m", profile: profile)
    let network = VirtualNetwork(world: world, weather: .init(refusal: 1))
    var waits: [[Milliseconds]] = world.devices.map { _ in [] }
    network.inspect = { device in
      if device.phase == .offline && device.failures > 0 && device.failures > waits[device.device].count {
        waits[device.device].append(device.reconnectAt)
      }
    }
    network.play()
    // The mean of a uniform draw from 0...ceiling is half the ceiling; the third attempt's ceiling is 4 s.
    let third = waits.compactMap { $0.count > 3 ? Double($0[2] - $0[1]) : nil }
    #expect(third.count > 190)
    #expect(abs(third.reduce(0, +) / Double(third.count) - 2_020) < 300)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .withheld || $0.outcome == .discarded })
  }
}
