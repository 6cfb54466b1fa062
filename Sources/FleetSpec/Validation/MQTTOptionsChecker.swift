/// Checks of `transport.mqtt` that look at more than one value.
enum MQTTOptionsChecker {
  static func check(_ mqtt: ObjectValue) -> [SpecificationError] {
    brokers(mqtt) + tls(mqtt) + version(mqtt) + credentials(mqtt)
  }

  private static func usesTLS(_ value: Value?) -> Bool? { value?.text.flatMap { try? BrokerURL($0) }?.usesTLS }

  private static func brokers(_ mqtt: ObjectValue) -> [SpecificationError] {
    guard let first = usesTLS(mqtt["url"]) else { return [] }
    return (mqtt["brokers"]?.list ?? []).compactMap { broker in
      guard let own = usesTLS(broker), own != first else { return nil }
      return SpecificationError(
        broker.place, "a broker \(own ? "with" : "without") TLS beside a 'url' \(first ? "with" : "without") it",
        expected: "the same scheme in 'url' and 'brokers'")
    }
  }

  private static func tls(_ mqtt: ObjectValue) -> [SpecificationError] {
    guard usesTLS(mqtt["url"]) == false else { return [] }
    let given = [mqtt["crl"].map { ("crl", $0) }, mqtt["tls_session_resumption"].map { ("tls_session_resumption", $0) }]
    for case (let key, let value)? in given where value.boolean != false {
      return [
        SpecificationError(
          value.place, "'\(key)' stands next to a URL without TLS", expected: "it only with mqtts://",
          suggestion: "write 'mqtts://' in 'url' or remove it")
      ]
    }
    return []
  }

  /// What MQTT 3.1.1 has not.
  private static func version(_ mqtt: ObjectValue) -> [SpecificationError] {
    guard mqtt["version"]?.text == MQTTOptions.Version.three.rawValue else { return [] }
    var wrong: [(String, Value)] = []
    if let value = mqtt["message_expiry"], value.duration != nil { wrong.append(("message_expiry", value)) }
    if let value = mqtt["session_expiry"] { wrong.append(("session_expiry", value)) }
    if let value = mqtt["user_properties"], value.map?.isEmpty == false { wrong.append(("user_properties", value)) }
    if let value = mqtt["topic_aliases"], value.boolean == true { wrong.append(("topic_aliases", value)) }
    if let value = mqtt["will"]?.object?["delay"], value.duration ?? 0 > 0 { wrong.append(("delay", value)) }
    return wrong.map { key, value in
      SpecificationError(
        value.place, "'\(key)' is given, but 'version' is '3.1.1'", expected: "'version: 5'",
        suggestion: "MQTT 3.1.1 does not have it: write 'version: 5' or remove it")
    }
  }

  private static func credentials(_ mqtt: ObjectValue) -> [SpecificationError] {
    guard mqtt["credentials"] != nil, let other = mqtt["user"] ?? mqtt["password"] else { return [] }
    let key = mqtt["user"] == nil ? "password" : "user"
    return [
      SpecificationError(
        other.place, "'\(key)' is given beside 'credentials'", expected: "one of the two", suggestion: "put all users into the file")
    ]
  }
}
