import CRdKafka
import Foundation

/// The private Kafka broker, noida-db: it keeps its data in memory and saves it now and then.
struct KafkaBroker {
  static let topic = "telemetry"
  static let partitions: Int32 = 6

  let folder: LabFolder

  func start(port: Int) throws -> ProcessIdentity {
    let command = [
      try Self.program(), "start", "--only", "kafka", "--kafka-port", String(port), "--host", "127.0.0.1", "--data-dir", folder.broker,
    ]
    return try Daemon.spawn(command, log: folder.log(.broker), folder: folder.broker)
  }

  /// The program itself: the Python script around it does not pass signals on.
  private static func program() throws -> String {
    if let given = ProcessInfo.processInfo.environment["HELIOGRAPH_NOIDA_DB"], !given.isEmpty {
      guard access(given, X_OK) == 0 else { throw LabError("HELIOGRAPH_NOIDA_DB names \(given), which is no program") }
      return given
    }
    let made = ".build/noida"
    for version in (try? FileManager.default.contentsOfDirectory(atPath: made)) ?? [] {
      let libraries = "\(FileManager.default.currentDirectoryPath)/\(made)/\(version)/lib"
      for python in (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? [] {
        let path = "\(libraries)/\(python)/site-packages/noida_db/noida-db"
        if access(path, X_OK) == 0 { return path }
      }
    }
    throw LabError("no Kafka broker is installed: run scripts/noida-db, and set HELIOGRAPH_NOIDA_DB to the path that it prints")
  }

  /// Waits until it has the topic.
  func waitUntilServing(_ process: ProcessIdentity, port: Int) throws {
    var reason = "no answer"
    let serving = poll(seconds: 15) {
      guard process.isAlive else { return true }
      guard let problem = KafkaClient.createTopic(Self.topic, partitions: Self.partitions, port: port) else { return true }
      reason = problem
      return false
    }
    guard serving, process.isAlive else { throw LabError.notServing("noida-db", port: port, reason: reason, log: folder.log(.broker)) }
  }
}

/// What the lab's Kafka clients have in common.
enum KafkaClient {
  static func text(_ error: rd_kafka_resp_err_t) -> String { String(cString: rd_kafka_err2str(error)) }

  static func make(_ kind: rd_kafka_type_t, port: Int, _ properties: [(String, String)]) throws -> OpaquePointer {
    guard let configuration = rd_kafka_conf_new() else { throw LabError("librdkafka has no memory") }
    rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
    var text = [CChar](repeating: 0, count: 512)
    for (name, value) in [("bootstrap.servers", "127.0.0.1:\(port)"), ("client.id", "heliograph-lab")] + properties {
      guard rd_kafka_conf_set(configuration, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
        rd_kafka_conf_destroy(configuration)
        throw LabError("librdkafka refuses \(name): \(string(text))")
      }
    }
    guard let client = rd_kafka_new(kind, configuration, &text, text.count) else {
      rd_kafka_conf_destroy(configuration)
      throw LabError("librdkafka refuses to start: \(string(text))")
    }
    return client
  }

  /// Makes a topic unless it is there. Why that failed, or nil.
  static func createTopic(_ name: String, partitions: Int32, port: Int) -> String? {
    var text = [CChar](repeating: 0, count: 512)
    guard let client = try? make(RD_KAFKA_PRODUCER, port: port, []) else { return "librdkafka refuses to start" }
    defer { rd_kafka_destroy(client) }
    guard let topic = rd_kafka_NewTopic_new(name, partitions, 1, &text, text.count), let queue = rd_kafka_queue_new(client) else {
      return string(text)
    }
    defer {
      rd_kafka_NewTopic_destroy(topic)
      rd_kafka_queue_destroy(queue)
    }
    var topics: [OpaquePointer?] = [topic]
    rd_kafka_CreateTopics(client, &topics, 1, nil, queue)
    guard let event = rd_kafka_queue_poll(queue, 3_000) else { return "no answer" }
    defer { rd_kafka_event_destroy(event) }
    if rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR { return self.text(rd_kafka_event_error(event)) }
    var count = 0
    guard let result = rd_kafka_event_CreateTopics_result(event), let made = rd_kafka_CreateTopics_result_topics(result, &count), count > 0
    else { return "no answer" }
    let code = rd_kafka_topic_result_error(made[0])
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS ? nil : self.text(code)
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
