import FleetSpec
import Foundation
import Ledger
import Testing

@testable import Transport

@Suite struct FleetFileTests {
  private func load(_ transport: String) throws -> LoadedFleet {
    let text = """
      fleet: f
      duration: 10s
      sites: [{id: s, latitude: 40, longitude: 3}]
      devices: [{profile: simple, count: 2, id: "d-{n}"}]
      profiles:
        simple: {interval: 1s, sensors: [{name: t, measures: ambient_temperature, range: [-40, 80]}]}
      transport:
        kafka: \(transport)
      """
    let path = NSTemporaryDirectory() + "hl-kafka-\(UUID().uuidString).yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try FleetLoader.loadFleet(path: path)
  }

  @Test func oneWordIsEnough() throws {
    #expect(try load("embedded").fleet.transport == .kafka(KafkaTransport(brokers: .embedded)))
    #expect(try load("{ brokers: embedded }").fleet.transport == .kafka(KafkaTransport(brokers: .embedded)))
  }

  @Test func everyKeyIsReadAndWrittenBack() throws {
    let loaded = try load(
      """
      { brokers: ["a:9092", "b:9093"], topic: "t.{site_id}", key: none, headers: { kind: "{sensor_type}" }, timestamp: publish,
            acks: 1, idempotence: false, linger: 20ms, compression: lz4, producers: 3, partitions: 9,
            properties: { security.protocol: sasl_ssl }, secret_properties: { sasl.password: { env: KAFKA_PASSWORD } } }
      """)
    var expected = KafkaTransport(brokers: .list(["a:9092", "b:9093"]))
    expected.topic = "t.{site_id}"
    expected.key = ""
    expected.headers = [.init(name: "kind", value: "{sensor_type}")]
    expected.timestamp = .publish
    expected.acknowledgements = .leader
    expected.linger = 20
    expected.compression = .lz4
    expected.producers = 3
    expected.partitions = 9
    let place = Place.whole("")
    expected.properties = [
      .init(name: "security.protocol", content: .text("sasl_ssl"), place: place),
      .init(name: "sasl.password", content: .secret(.environment("KAFKA_PASSWORD")), place: place),
    ]
    #expect(loaded.fleet.transport == .kafka(expected))
    let path = NSTemporaryDirectory() + "hl-kafka-\(UUID().uuidString).yaml"
    try loaded.resolvedYAML(start: 0, seed: 1).write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try FleetLoader.loadFleet(path: path).fleet.transport == loaded.fleet.transport)
  }

  @Test func anUnknownPropertyIsRefusedWithItsPlace() throws {
    let fleet = try load("{ brokers: embedded, properties: { retriez: 3 } }").fleet
    #expect {
      try TransportProblems.check(fleet)
    } throws: { error in
      let text = "\(error)"
      return text.contains(":8:") && text.contains("librdkafka knows no property 'retriez'")
    }
  }

  @Test func lossesSurviveTheLedger() {
    let losses = BrokerLoss.decode("telemetry 3 50102 51233 1795538025219 1795538026219;t 0 7 7 1 1;nonsense")
    #expect(
      losses.map(\.description) == [
        "telemetry, partition 3: offsets 50,102 to 51,233 were acknowledged and are no longer in the broker",
        "t, partition 0: offset 7 was acknowledged and is no longer in the broker",
      ])
    #expect(losses.first?.count == 1_132)
  }
}
