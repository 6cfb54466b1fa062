/// Makes the model of a Kafka transport from values without errors.
enum KafkaDecoder {
  static func decode(_ value: Value) -> KafkaTransport {
    guard let object = value.object else { return KafkaTransport(brokers: .embedded) }
    var transport = KafkaTransport(brokers: brokers(object["brokers"]))
    transport.topic = object.required("topic", \.text)
    transport.key = object["key"]?.text ?? ""
    transport.headers = object.required("headers", \.map).compactMap { header($0) }
    transport.timestamp = object.required("timestamp") { $0.text.flatMap(KafkaTransport.Timestamp.init(rawValue:)) }
    transport.acknowledgements = object.required("acks") { $0.text.flatMap(KafkaTransport.Acknowledgements.init(rawValue:)) }
    transport.idempotence = object.required("idempotence", \.boolean)
    transport.linger = object.required("linger", \.duration)
    transport.compression = object.required("compression") { $0.text.flatMap(KafkaTransport.Compression.init(rawValue:)) }
    transport.producers = object.required("producers", \.integer)
    transport.partitions = object.required("partitions", \.integer)
    transport.properties = object.required("properties", \.map).compactMap { property($0) }
    transport.properties += object.required("secret_properties", \.map).compactMap { property($0) }
    return transport
  }

  private static func brokers(_ value: Value?) -> KafkaTransport.Brokers {
    guard let list = value?.list else { return .embedded }
    return .list(list.compactMap(\.text))
  }

  private static func header(_ entry: Value.Entry) -> KafkaTransport.Header? {
    guard let text = entry.value.text else { return nil }
    return KafkaTransport.Header(name: entry.key, value: text)
  }

  private static func property(_ entry: Value.Entry) -> KafkaTransport.Property? {
    if let secret = entry.value.secret { return KafkaTransport.Property(name: entry.key, content: .secret(secret), place: entry.keyPlace) }
    guard let text = entry.value.text else { return nil }
    return KafkaTransport.Property(name: entry.key, content: .text(text), place: entry.keyPlace)
  }
}
