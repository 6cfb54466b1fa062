/// The keys under `transport`.
enum TransportDescription {
  static let shape = ObjectShape(
    name: "transport", noun: "a transport", documentation: "How readings leave the devices: one of the protocols.",
    fields: [
      Field("http", .object(http), .optional, "HTTP/1.1 or HTTP/2: batches of readings as JSON arrays."),
      Field(
        "kafka", .keyword("embedded", or: .object(KafkaDescription.shape)), .optional,
        "Kafka by way of librdkafka; `embedded` for a cluster inside this process."),
      Field("mqtt", .object(mqtt), .optional, "MQTT 3.1.1 or 5 over TCP or TLS."),
    ])

  /// The keys of which `transport` has exactly one.
  static let protocols = shape.fields.map(\.key)

  static let topicPlaceholders = ["site_id", "device_id", "asset_id", "sensor_id", "sensor", "sensor_type"]
}
