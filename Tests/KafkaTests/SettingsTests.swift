import FleetSpec
import Testing

@testable import Transport

@Suite struct SettingsTests {
  private func problems(_ properties: [(String, String)]) -> [String] {
    var transport = KafkaTransport(brokers: .list(["127.0.0.1:9092"]))
    for (line, property) in properties.enumerated() {
      transport.properties.append(
        .init(name: property.0, content: .text(property.1), place: Place(file: "f.yaml", line: line + 3, column: 5)))
    }
    return KafkaSettings.problems(of: transport).map(\.description)
  }

  @Test func whatLibrdkafkaKnowsIsTaken() {
    #expect(problems([("queue.buffering.max.messages", "1000"), ("security.protocol", "plaintext"), ("retries", "3")]).isEmpty)
  }

  @Test func whatItDoesNotKnowIsRefusedWithItsPlace() {
    let messages = problems([("retries", "3"), ("retriez", "3"), ("queue.buffering.max.messages", "many")])
    #expect(messages.count == 2)
    #expect(messages.first?.hasPrefix("f.yaml:4:5: error: librdkafka knows no property 'retriez'") == true)
    #expect(messages.last?.hasPrefix("f.yaml:5:5: error: the property 'queue.buffering.max.messages' is refused") == true)
  }

  @Test func propertiesThatDoNotGoTogetherAreRefused() {
    let messages = problems([("security.protocol", "ssl"), ("ssl.ca.location", "/no/such/file.pem")])
    #expect(messages.count == 1)
    #expect(messages.first?.contains("ssl.ca.location") == true, "\(messages)")
  }

  @Test func aSecretIsNotReadToCheckItsName() {
    var transport = KafkaTransport(brokers: .embedded)
    transport.properties = [
      .init(name: "sasl.password", content: .secret(.environment("NOT_SET_ANYWHERE")), place: Place(file: "f.yaml", line: 1, column: 1))
    ]
    #expect(KafkaSettings.problems(of: transport).isEmpty)
    #expect(throws: SecretError.self) { try KafkaSettings(transport) }
  }
}
