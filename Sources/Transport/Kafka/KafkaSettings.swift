import CRdKafka
import FleetSpec
import Glibc

/// What a fleet file says about Kafka, as librdkafka takes it.
public struct KafkaSettings: Sendable {
  public let transport: KafkaTransport
  /// Of the cluster that is embedded in this process, if one is.
  public var embeddedBrokers: String?
  /// In the order of `transport.properties`.
  private let values: [String]

  /// Reads the secrets.
  /// - Throws: `SecretError`.
  public init(_ transport: KafkaTransport) throws {
    self.transport = transport
    values = try transport.properties.map { property in
      switch property.content {
      case .text(let text): text
      case .secret(let reference): try reference.read()
      }
    }
  }

  /// Properties that this transport relies on, and defaults that suit devices; the author's own win over the latter.
  private static let defaults = [
    ("client.id", "heliograph"), ("reconnect.backoff.ms", "50"), ("reconnect.backoff.max.ms", "1000"),
    // A device keeps what is not acknowledged as long as it takes.
    ("message.timeout.ms", "0"), ("topic.metadata.refresh.interval.ms", "10000"),
  ]

  /// How often librdkafka tells whether its brokers are there.
  static let statisticsInterval = "250"

  /// The properties that follow from the keys of the fleet file.
  private var keyed: [(String, String)] {
    var brokers = embeddedBrokers ?? ""
    if case .list(let list) = transport.brokers { brokers = list.joined(separator: ",") }
    var result = brokers.isEmpty ? [] : [("bootstrap.servers", brokers)]
    result += [
      ("acks", transport.acknowledgements.rawValue), ("enable.idempotence", transport.idempotence ? "true" : "false"),
      ("linger.ms", String(transport.linger)), ("compression.codec", transport.compression.rawValue),
      ("statistics.interval.ms", Self.statisticsInterval),
    ]
    return result
  }

  /// A configuration for one client; its taker frees it.
  func configuration() throws(KafkaError) -> Handle {
    let handle = Handle()
    for (name, value) in Self.defaults + keyed { try handle.set(name, value) }
    for (property, value) in zip(transport.properties, values) { try handle.set(property.name, value) }
    return handle
  }

  /// Asks librdkafka whether it knows every property and takes its value. Starts nothing and reads no secret.
  /// - Returns: each mistake with its place in the fleet file.
  public static func problems(of transport: KafkaTransport) -> [SpecificationError] {
    var problems: [SpecificationError] = []
    let handle = Handle()
    var hasSecrets = false
    for property in transport.properties {
      // No secret is a number or a word of a list: any text shows whether the name is right.
      var value = "x"
      if case .text(let text) = property.content { value = text } else { hasSecrets = true }
      if let problem = handle.problem(property.name, value) { problems.append(error(property, problem)) }
    }
    guard problems.isEmpty, !hasSecrets, let place = transport.properties.first?.place else { return problems }
    // Whether they go together is asked of a client without brokers, which connects to nobody.
    var alone = transport
    alone.brokers = .list([])
    do {
      let settings = try KafkaSettings(alone)
      rd_kafka_destroy(try settings.configuration().start(RD_KAFKA_PRODUCER))
    } catch {
      problems.append(SpecificationError(place, "librdkafka refuses these properties together: \(error)"))
    }
    return problems
  }

  private static func error(_ property: KafkaTransport.Property, _ problem: String) -> SpecificationError {
    let isUnknown = problem.hasPrefix("No such configuration property")
    return SpecificationError(
      property.place,
      isUnknown ? "librdkafka knows no property '\(property.name)'" : "the property '\(property.name)' is refused: \(problem)",
      expected: isUnknown ? "a property of a producer from librdkafka's CONFIGURATION.md" : nil)
  }

  /// A message of librdkafka without what differs from time to time.
  static func plain(_ text: String) -> String {
    text.firstRange(of: " (after ").map { String(text[..<$0.lowerBound]) } ?? text
  }

  /// A configuration that is being put together.
  final class Handle {
    private(set) var pointer: OpaquePointer?

    init() {
      pointer = rd_kafka_conf_new()
      // What librdkafka has to say comes as events; nothing is written to the terminal.
      rd_kafka_conf_set_log_cb(pointer) { _, _, _, _ in }
    }

    deinit { if let pointer { rd_kafka_conf_destroy(pointer) } }

    func set(_ name: String, _ value: String) throws(KafkaError) {
      if let problem = problem(name, value) { throw KafkaError(description: "the Kafka property '\(name)' is refused: \(problem)") }
    }

    /// Sets a property; why that failed, or nil.
    func problem(_ name: String, _ value: String) -> String? {
      var text = [CChar](repeating: 0, count: 512)
      let result = rd_kafka_conf_set(pointer, name, value, &text, text.count)
      return result == RD_KAFKA_CONF_OK ? nil : Self.string(text)
    }

    /// Starts a client, which takes the configuration over.
    func start(_ kind: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
      var text = [CChar](repeating: 0, count: 512)
      guard let client = rd_kafka_new(kind, pointer, &text, text.count) else {
        throw KafkaError(description: "librdkafka refuses to start: \(Self.string(text))")
      }
      pointer = nil
      return client
    }

    private static func string(_ text: [CChar]) -> String {
      String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
