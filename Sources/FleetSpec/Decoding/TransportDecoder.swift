/// Makes the model of a transport from values without errors.
enum TransportDecoder {
  static func decode(_ value: ObjectValue) -> FleetTransport? {
    if let kafka = value["kafka"] { return .kafka(KafkaDecoder.decode(kafka)) }
    if let object = value["http"]?.object { return .http(http(object)) }
    return value["mqtt"]?.object.map { .mqtt(mqtt($0)) }
  }

  private static func mqtt(_ value: ObjectValue) -> MQTTTransport {
    let url = value.required("url") { $0.text.flatMap { try? BrokerURL($0) } }
    let tls = MQTTTransport.TLS(
      authorityFile: value["authority"]?.text, deviceCertificates: value["device_certificates"]?.text,
      serverName: value["server_name"]?.text ?? url.host)
    return MQTTTransport(
      host: url.host, port: url.port, tls: url.usesTLS ? tls : nil, user: value["user"]?.text, password: value["password"]?.secret,
      topic: value.required("topic", \.text), statusTopic: value.required("status_topic", \.text),
      options: MQTTOptionsDecoder.decode(value))
  }
}
