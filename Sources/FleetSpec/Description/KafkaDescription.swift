/// The keys under `transport.kafka`.
enum KafkaDescription {
  static let shape = ObjectShape(
    name: "transport.kafka", noun: "a Kafka transport",
    documentation: """
      Kafka by way of librdkafka: the connections of the fleet share a few producers, as they do behind a gateway or a bridge. \
      The word `embedded` in place of all keys is short for `{brokers: embedded}`.
      """,
    fields: [
      Field(
        "brokers", .keyword("embedded", or: .list(of: .text(.hostAndPort), atLeast: 1)), .required,
        "The brokers that are asked first, each `host:port`; or `embedded` for a cluster inside this process, which keeps the last 5 MiB of each partition and ends with the run."
      ),
      Field(
        "topic", .text(.kafkaTopic(placeholders)), .standard(KafkaTransport.standardTopic),
        "Topic of a reading. With placeholders it should make few topics: each costs the broker and every client memory."),
      Field(
        "key", .keyword("none", or: .text(.template(placeholders))), .standard("\"\(KafkaTransport.standardKey)\""),
        "Key of a reading, which decides its partition; `none` for no key, and then messages of a device may overtake each other."),
      Field(
        "headers", .map(keys: .text(.line), values: .text(.template(placeholders))), .standard("{}"),
        "Headers by name, each with the template of its value."),
      Field(
        "timestamp", .words(KafkaTransport.Timestamp.self), .standard("device"),
        "CreateTime of a message: the reading's own timestamp by the device's clock, or the wall clock when it is published."),
      Field(
        "acks", .words(KafkaTransport.Acknowledgements.self), .standard("all"),
        "How many replicas have a message when it counts as acknowledged: none (it has left this process), the leader, or all in sync."),
      Field(
        "idempotence", .boolean, .standard("false"),
        "Whether the broker recognises what a producer sends again by itself. Without it, a producer's retries can store a message twice."),
      Field(
        "linger", .duration(0...900_000), .standard("5ms"),
        "How long a message waits for others to travel with it: 20 ms costs little latency and a fraction of the processor time of 0 ms."),
      Field("compression", .words(KafkaTransport.Compression.self), .standard("none"), "How batches are compressed."),
      Field(
        "producers", .integer(1...1_000), .standard("1"),
        "How many producers the connections are dealt to, each with its own connections to the brokers."),
      Field(
        "partitions", .integer(1...1_000), .standard("6"), "Partitions of the topic in an embedded cluster; elsewhere the broker decides."),
      Field(
        "properties", .map(keys: .text(.line), values: .text(.line)), .standard("{}"),
        "Any other property of librdkafka, such as `security.protocol: sasl_ssl`; unknown ones and wrong values are refused before anything is started."
      ),
      Field(
        "secret_properties", .map(keys: .text(.line), values: .secret), .standard("{}"),
        "Properties whose values never stand in the file, such as `sasl.password: {env: NAME}`."),
    ])

  static let placeholders = TransportDescription.topicPlaceholders
}
