/// Kafka by way of librdkafka: devices share a few producers, as they do behind a gateway or a bridge.
public struct KafkaTransport: Sendable, Equatable {
  public enum Brokers: Sendable, Equatable {
    /// `host:port` of the brokers that are asked first; at least one.
    case list([String])
    /// A cluster inside this process, for demonstrations: it keeps the last 5 MiB of each partition, in memory.
    case embedded
  }

  /// What stands in a message's CreateTime.
  public enum Timestamp: String, Sendable, CaseIterable {
    /// The reading's own timestamp, by the device's clock.
    case device
    /// When the message was handed to the producer, by the wall clock.
    case publish
  }

  /// How many replicas have a message when it counts as acknowledged.
  public enum Acknowledgements: String, Sendable, CaseIterable {
    /// None: what has been written to the socket counts.
    case none = "0"
    case leader = "1"
    case all
  }

  public enum Compression: String, Sendable, CaseIterable {
    case none, gzip, snappy, lz4, zstd
  }

  /// A name and the template of its value, which may contain the placeholders of `topic`.
  public struct Header: Sendable, Equatable {
    public var name: String
    public var value: String
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A property of librdkafka as the author wrote it.
  public struct Property: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
      case text(String)
      case secret(SecretReference)
    }
    public var name: String
    public var content: Content
    /// Where it stands; no part of what makes two properties equal.
    public var place: Place

    public init(name: String, content: Content, place: Place) {
      self.name = name
      self.content = content
      self.place = place
    }

    public static func == (left: Property, right: Property) -> Bool { left.name == right.name && left.content == right.content }
  }

  public var brokers: Brokers
  /// May contain `{site_id}`, `{device_id}`, `{asset_id}` (the same), `{sensor_id}`, `{sensor}` and `{sensor_type}`, as `key` may.
  public var topic = KafkaTransport.standardTopic
  /// Empty for no key.
  public var key = KafkaTransport.standardKey
  public var headers: [Header] = []
  public var timestamp = Timestamp.device
  public var acknowledgements = Acknowledgements.all
  public var idempotence = false
  /// How long a message waits for others to travel with it.
  public var linger: Milliseconds = 5
  public var compression = Compression.none
  /// How many producers the connections are dealt to; at least 1.
  public var producers = 1
  /// Of the topic in an embedded cluster; elsewhere the broker decides.
  public var partitions = 6
  public var properties: [Property] = []

  public static let standardTopic = "telemetry"
  public static let standardKey = "{site_id}:{asset_id}:{sensor_id}"

  public init(brokers: Brokers) { self.brokers = brokers }

  /// Where the brokers are, for people to read.
  public var summary: String {
    switch brokers {
    case .list(let list): "Kafka at \(list.joined(separator: ","))"
    case .embedded: "Kafka inside this process"
    }
  }
}
