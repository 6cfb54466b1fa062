/// Decodes what may be said of MQTT beyond the address of a broker.
enum MQTTOptionsDecoder {
  static func decode(_ value: ObjectValue) -> MQTTOptions {
    var options = MQTTOptions()
    options.version = value.required("version") { $0.text.flatMap(MQTTOptions.Version.init(rawValue:)) }
    options.brokers = (value["brokers"]?.list ?? []).compactMap { broker($0, serverName: value["server_name"]?.text) }
    options.backToFirstAfter = value["back_to_first_after"]?.duration
    options.revocationFile = value["crl"]?.text
    options.resumesSessions = value.required("tls_session_resumption", \.boolean)
    options.credentialsFile = value["credentials"]?.text
    options.sourceAddresses = (value["source_addresses"]?.list ?? []).compactMap { $0.text.flatMap { try? AddressRange($0) } }
    options.birth = value["birth"]?.object.map(message)
    options.will = value["will"]?.object.map(message)
    options.willDelay = value["will"]?.object?["delay"]?.duration ?? 0
    options.commands = value["commands"]?.object.map {
      MQTTOptions.Commands(topic: $0.required("topic", \.text), qos: $0.required("qos", \.integer))
    }
    options.messageExpiry = value["message_expiry"]?.duration
    if let expiry = value["session_expiry"]?.duration { options.sessionExpiry = expiry }
    options.userProperties = value.required("user_properties", \.map).compactMap(property)
    options.topicAliases = value.required("topic_aliases", \.boolean)
    return options
  }

  private static func broker(_ value: Value, serverName: String?) -> MQTTOptions.Broker? {
    guard let text = value.text, let url = try? BrokerURL(text) else { return nil }
    return MQTTOptions.Broker(host: url.host, port: url.port, serverName: serverName ?? url.host)
  }

  private static func property(_ entry: Value.Entry) -> MQTTOptions.UserProperty? {
    entry.value.text.map { MQTTOptions.UserProperty(name: entry.key, value: $0) }
  }

  private static func message(_ value: ObjectValue) -> MQTTOptions.StatusMessage {
    MQTTOptions.StatusMessage(
      payload: value.required("payload", \.text), qos: value.required("qos", \.integer), isRetained: value.required("retain", \.boolean))
  }
}
