import Firmware
import FleetSpec
import Foundation
import Ledger
import Reactor
import Testing
import World

@testable import Simulation

@Suite struct IntervalCounterTests {
  @Test(arguments: UInt64(1)...12) func countersEqualWhatWasDelivered(seed: UInt64) throws {
    var profile = RandomProfile(seed: seed)
    let lines = profile.lines()
    let world = try Fixture.world(seed: seed, profile: lines, group: RandomProfile.group(seed: seed), gateway: lines)
    let network = VirtualNetwork(world: world, weather: .init(loss: 0.01, lostAcknowledgement: 0.02, refusal: 0.2))
    network.play()
    let intervals = RunIntervals(start: world.start, duration: world.fleet.duration, drain: world.fleet.drain)
    var counters = IntervalCounters(intervals)
    let path = NSTemporaryDirectory() + "hl-counters-\(UUID().uuidString).sqlite"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let writer = try LedgerWriter(path: path, devices: world.devices.map { LedgerDevice(id: $0.id) }, facts: [])
    // What is drained early is replaced by what comes later.
    for (index, delivery) in network.notebook.deliveries.enumerated() {
      counters.count(delivery)
      guard index % 97 == 0 else { continue }
      var batch = LedgerBatch()
      counters.drain(into: &batch)
      writer.submit(batch)
    }
    var batch = LedgerBatch()
    counters.drain(into: &batch)
    writer.submit(batch)
    try writer.close()
    try compare(LedgerReader(path: path), network.notebook.deliveries, intervals)
  }

  private func compare(_ ledger: LedgerReader, _ deliveries: [Delivery], _ intervals: RunIntervals) throws {
    let rows = try ledger.throughput()
    func begin(_ time: Milliseconds) -> Milliseconds { intervals.begin(of: intervals.index(of: time)) }
    for row in rows {
      let planned = deliveries.filter { begin($0.trueTime) == row.at }
      let sent = deliveries.filter { $0.attempts > 0 && begin($0.firstSent) == row.at }
      let acknowledged = deliveries.filter { $0.outcome == .acknowledged }
      #expect(row.planned == Int64(planned.count) && row.sent == Int64(sent.count))
      #expect(row.acknowledged == Int64(acknowledged.filter { begin($0.acknowledgedAt) == row.at }.count))
      let waits = acknowledged.filter { begin($0.trueTime) == row.at }.map { $0.acknowledgedAt - $0.trueTime }
      #expect(row.measuredToAcknowledged == waits.max() ?? 0)
      // Every latency lies in the bucket whose bounds enclose it.
      let latencies = try ledger.latencies(.measuredToAcknowledged).filter { $0.at == row.at }
      var below = -1 as Milliseconds
      for latency in latencies {
        let within = waits.filter { $0 > below && $0 <= latency.upperBound }.count
        #expect(latency.count == Int64(within))
        below = latency.upperBound
      }
      #expect(latencies.reduce(0) { $0 + $1.count } == Int64(waits.count))
    }
    #expect(rows.reduce(0) { $0 + $1.planned } == Int64(deliveries.count))
  }

  @Test(
    arguments: [
      ("60s", 1_000), ("6m", 1_000), ("7m", 2_000), ("1h", 10_000), ("24h", 60_000), ("2d", 60_000), ("7d", 300_000), ("366d", 86_400_000),
    ] as [(String, Milliseconds)])
  func intervalsAreFineAndFew(duration: String, length: Milliseconds) throws {
    let intervals = RunIntervals(start: 0, duration: try Units.duration(duration), drain: 60_000)
    #expect(intervals.length == length && intervals.count <= 4_100, "\(intervals)")
  }

  @Test func everyConnectionHasOneState() throws {
    let world = try Fixture.world(seed: 3, devices: 3)
    let network = VirtualNetwork(world: world)
    #expect(network.firmware.allSatisfy { $0.connectionState == .waiting })
    network.play()
    #expect(network.firmware.allSatisfy { $0.connectionState == nil })
  }
}
