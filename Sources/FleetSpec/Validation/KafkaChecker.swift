/// Checks of `transport.kafka` that look at more than one value. Whether librdkafka knows a property is asked where librdkafka is.
struct KafkaChecker {
  private(set) var errors: [SpecificationError] = []

  /// Properties that have a key of their own.
  private static let keys = [
    "bootstrap.servers": "brokers", "metadata.broker.list": "brokers", "acks": "acks", "request.required.acks": "acks",
    "enable.idempotence": "idempotence", "linger.ms": "linger", "queue.buffering.max.ms": "linger", "compression.codec": "compression",
    "compression.type": "compression",
  ]
  /// Properties on which the transport itself relies.
  private static let own = ["statistics.interval.ms", "enabled_events", "opaque", "log_level", "log.queue", "test.mock.num.brokers"]
  private static let secrets = [
    "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password", "sasl.oauthbearer.client.secret",
    "sasl.oauthbearer.config",
  ]

  mutating func check(_ kafka: ObjectValue) {
    let plain = kafka["properties"]?.map ?? []
    let secret = kafka["secret_properties"]?.map ?? []
    for entry in plain + secret {
      if let key = Self.keys[entry.key] {
        report(entry.keyPlace, "the property '\(entry.key)' has a key of its own", "'\(key)'", "write it under 'kafka' as '\(key)'")
      } else if Self.own.contains(entry.key) {
        report(entry.keyPlace, "the property '\(entry.key)' is set by Heliograph itself", "other properties", "remove it")
      }
    }
    for entry in plain where Self.secrets.contains(entry.key) {
      report(
        entry.value.place, "the secret '\(entry.key)' stands in the file itself", "secrets outside of the file",
        "write it under 'secret_properties' as {env: NAME} or {file: PATH}")
    }
    for entry in secret where plain.contains(where: { $0.key == entry.key }) {
      report(entry.keyPlace, "the property '\(entry.key)' is given twice", "it in one of the two", "keep one of them")
    }
    if kafka["idempotence"]?.boolean == true, let acks = kafka["acks"], let text = acks.text, text != "all" {
      report(acks.place, "'acks' is '\(text)', but 'idempotence' is true", "'acks: all'", "write 'acks: all' or 'idempotence: false'")
    }
  }

  private mutating func report(_ place: Place, _ problem: String, _ expected: String, _ suggestion: String) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }
}
