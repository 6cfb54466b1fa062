import FleetSpec
import Foundation
import Ledger
import Simulation
import Testing
import World

@testable import Transport

/// Whole runs, firmware and ledger included.
@Suite(.serialized) struct RunTests {
  private func play(_ transport: KafkaTransport, faults: String = "", disturb: @escaping (FleetRun) -> Void = { _ in }) throws
    -> LedgerReader
  {
    let text = """
      fleet: run
      seed: 5
      sun_time: "11:30"
      duration: 4s
      drain: 10s
      sites: [{id: here, latitude: 40, longitude: 0}]
      devices: [{profile: probe, count: 20, id: "d-{n}"}]
      faults: {\(faults)}
      profiles:
        probe:
          interval: 200ms
          connection: {backoff_base: 50ms, backoff_maximum: 200ms}
          sensors:
            - {name: t, measures: ambient_temperature, range: [-40, 85]}
            - {name: h, measures: humidity, unit: "%", range: [0, 100]}
      """
    let folder = NSTemporaryDirectory() + "hl-kafka-run-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/fleet.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let fleet = try FleetLoader.loadFleet(path: path).fleet
    let world = World(fleet: fleet, start: SimulatedClock.wallMilliseconds())
    let run = try FleetRun(
      world: world, transport: .kafka(transport), folder: RunFolder(path: folder + "/run"), resolvedFleet: text, speed: .real, facts: [])
    run.onProgress = { _ in disturb(run) }
    // The closure holds the run, and the run the closure.
    defer { run.onProgress = nil }
    #expect(try run.play() == .finished)
    return try LedgerReader(path: folder + "/run/ledger.sqlite")
  }

  @Test func everyReadingOfAHealthyRunIsAcknowledgedAndStoredOnce() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 3)
    let ledger = try play(.mock(cluster))
    let published = try #require(try ledger.number("published"))
    #expect(published == 20 * 20 * 2)
    #expect(try ledger.lastMetric("acknowledged") == published)
    #expect(try ledger.fact("broker_losses") == "")
    #expect(try ledger.fact("kafka_ends_compared") == "1")
    let records = try Record.read("telemetry", from: cluster.brokers)
    #expect(Int64(records.count) == published)
    for (key, own) in Dictionary(grouping: records, by: \.key) {
      #expect(own.map(\.sequence) == own.map(\.sequence).sorted(), "\(key)")
    }
  }

  @Test func cutsAndRepeatsMakeTheCopiesThatTheLedgerTells() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 3)
    let ledger = try play(.mock(cluster), faults: "redelivery: 5 %, repeats: 5 %, repeat_after: 100ms..300ms")
    let published = try #require(try ledger.number("published"))
    let again = try #require(try ledger.number("sent_again"))
    #expect(try #require(try ledger.number("repeated")) > 0)
    #expect(again > 0)
    let records = try Record.read("telemetry", from: cluster.brokers)
    #expect(Int64(Set(records.map(\.value)).count) == 20 * 20 * 2, "nothing is missing")
    #expect(Int64(records.count) > 20 * 20 * 2)
    #expect(Int64(records.count) <= published + again)
  }

  @Test(.enabled(if: BrokerProcess.isAvailable)) func whatAKilledBrokerLostIsInTheLedger() throws {
    let broker = try BrokerProcess()
    var transport = KafkaTransport(brokers: .list([broker.address]))
    transport.linger = 1
    var killed = false
    let ledger = try play(transport) { _ in
      guard !killed, broker.hasSaved("telemetry") else { return }
      killed = true
      broker.kill()
      try? broker.start()
    }
    #expect(killed)
    #expect(try ledger.fact("kafka_ends_compared") == "1")
    let losses = BrokerLoss.decode(try ledger.fact("broker_losses") ?? "")
    #expect(!losses.isEmpty, "this broker is known to lose what it has acknowledged last")
    let stored = Set(try Record.read("telemetry", from: broker.address).map(\.value)).count
    #expect(stored + Int(losses.reduce(0) { $0 + $1.count }) >= 20 * 20 * 2)
  }
}
