import CLinux
import CRdKafka
import Glibc

/// librdkafka could not do what it was asked.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
}

/// One librdkafka producer. Everything that it has to say comes through one descriptor: `drain` when that is readable.
final class KafkaProducer {
  /// What became of a message.
  struct Report {
    /// The number that was given to `produce`.
    var token: UInt
    /// 0 when it was acknowledged, otherwise librdkafka's error.
    var error: Int32
    var topic: UInt
    var partition: Int32
    /// Negative when the broker did not tell, as without acknowledgements.
    var offset: Int64
  }

  enum Outcome: Equatable {
    case taken
    /// The producer's queue is full; later there is room again.
    case full
    case refused(Int32)
  }

  struct Trouble {
    var code: Int32
    var text: String
  }

  /// Readable when there is something to drain.
  let descriptor: Int32
  /// Whether some broker is connected, as far as was heard.
  private(set) var isUp = false
  /// The last thing that went wrong with the connection to the brokers.
  private(set) var trouble: Trouble?
  private var isDefeated = false
  private let handle: OpaquePointer
  private let queue: OpaquePointer
  private let topic: OpaquePointer?
  private let arguments: UnsafeMutablePointer<rd_kafka_vu_t>
  private let headerNames: [UnsafeMutablePointer<CChar>]
  private let argumentCount: Int
  private var isClosed = false

  private enum Slot {
    static let topic = 0
    static let flags = 1
    static let value = 2
    static let key = 3
    static let opaque = 4
    static let timestamp = 5
    static let headers = 6
  }

  /// - Parameters:
  ///   - configuration: taken over, whether this succeeds or not.
  ///   - topic: the topic of all messages, or nil when each names its own.
  ///   - headers: names of the headers that every message bears.
  init(configuration: KafkaSettings.Handle, topic: String?, headers: [String]) throws(KafkaError) {
    let events = RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS
    rd_kafka_conf_set_events(configuration.pointer, events)
    handle = try configuration.start(RD_KAFKA_PRODUCER)
    guard let queue = rd_kafka_queue_get_main(handle) else { throw KafkaError(description: "the Kafka producer has no queue") }
    self.queue = queue
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw KafkaError(description: "eventfd: \(String(cString: strerror(errno)))") }
    var one: UInt64 = 1
    rd_kafka_queue_io_event_enable(queue, descriptor, &one, MemoryLayout<UInt64>.size)
    self.topic = topic == nil ? nil : rd_kafka_topic_new(handle, topic, nil)
    guard topic == nil || self.topic != nil else { throw KafkaError(description: "the Kafka topic '\(topic ?? "")' cannot be used") }
    headerNames = headers.compactMap { strdup($0) }
    argumentCount = Slot.headers + headerNames.count
    arguments = .allocate(capacity: argumentCount)
    arguments.initialize(repeating: rd_kafka_vu_t(), count: argumentCount)
    arguments[Slot.topic].vtype = self.topic == nil ? RD_KAFKA_VTYPE_TOPIC : RD_KAFKA_VTYPE_RKT
    arguments[Slot.topic].u.rkt = self.topic
    arguments[Slot.flags].vtype = RD_KAFKA_VTYPE_MSGFLAGS
    arguments[Slot.flags].u.i = RD_KAFKA_MSG_F_COPY
    arguments[Slot.value].vtype = RD_KAFKA_VTYPE_VALUE
    arguments[Slot.key].vtype = RD_KAFKA_VTYPE_KEY
    arguments[Slot.opaque].vtype = RD_KAFKA_VTYPE_OPAQUE
    arguments[Slot.timestamp].vtype = RD_KAFKA_VTYPE_TIMESTAMP
    for (index, name) in headerNames.enumerated() {
      arguments[Slot.headers + index].vtype = RD_KAFKA_VTYPE_HEADER
      arguments[Slot.headers + index].u.header.name = UnsafePointer(name)
    }
  }

  deinit {
    if !isClosed { close() }
    arguments.deallocate()
    for name in headerNames { free(name) }
  }

  /// Messages that are not reported yet.
  var outstanding: Int { Int(rd_kafka_outq_len(handle)) }

  /// The value of a header of the messages to come; the memory must stay until they are produced.
  func setHeader(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
    arguments[Slot.headers + index].u.header.val = bytes.baseAddress
    arguments[Slot.headers + index].u.header.size = bytes.count
  }

  /// Hands a message over; never blocks.
  /// - Parameters:
  ///   - topicName: ends in a zero byte; nil for the producer's own topic.
  ///   - key: empty for none.
  ///   - timestamp: milliseconds since 1970, or 0 for now.
  ///   - token: comes back in the report.
  func produce(
    _ payload: UnsafeRawBufferPointer, topicName: UnsafePointer<CChar>?, key: UnsafeRawBufferPointer, timestamp: Int64, token: UInt
  ) -> Outcome {
    if let topicName { arguments[Slot.topic].u.cstr = topicName }
    arguments[Slot.value].u.mem.ptr = UnsafeMutableRawPointer(mutating: payload.baseAddress)
    arguments[Slot.value].u.mem.size = payload.count
    arguments[Slot.key].u.mem.ptr = key.isEmpty ? nil : UnsafeMutableRawPointer(mutating: key.baseAddress)
    arguments[Slot.key].u.mem.size = key.count
    arguments[Slot.opaque].u.ptr = UnsafeMutableRawPointer(bitPattern: token)
    arguments[Slot.timestamp].u.i64 = timestamp
    guard let error = rd_kafka_produceva(handle, arguments, argumentCount) else { return .taken }
    let code = rd_kafka_error_code(error)
    rd_kafka_error_destroy(error)
    return code == RD_KAFKA_RESP_ERR__QUEUE_FULL ? .full : .refused(code.rawValue)
  }

  /// Takes in everything that librdkafka has to say. Allocates nothing unless something went wrong.
  func drain(_ body: (Report) -> Void) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    while let event = rd_kafka_queue_poll(queue, 0) {
      switch rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_DR:
        while let message = rd_kafka_event_message_next(event) {
          body(
            Report(
              token: UInt(bitPattern: message.pointee._private), error: message.pointee.err.rawValue,
              topic: UInt(bitPattern: message.pointee.rkt), partition: message.pointee.partition, offset: message.pointee.offset))
        }
      case RD_KAFKA_EVENT_ERROR: note(event)
      case RD_KAFKA_EVENT_STATS:
        // The states of the brokers stand in the statistics and nowhere else.
        if let text = rd_kafka_event_stats(event) { isUp = strstr(text, "\"state\":\"UP\"") != nil }
      default: break
      }
      rd_kafka_event_destroy(event)
    }
  }

  private func note(_ event: OpaquePointer) {
    let code = rd_kafka_event_error(event)
    let text = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
    if code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || rd_kafka_event_error_is_fatal(event) != 0 {
      isUp = false
      isDefeated = true
    }
    // That all are down says nothing of why.
    if code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || trouble == nil {
      trouble = Trouble(code: code.rawValue, text: KafkaSettings.plain(text))
    }
  }

  /// Whether, since this was asked last, all brokers turned out to be gone.
  func takeDefeat() -> Bool {
    defer { isDefeated = false }
    return isDefeated
  }

  /// The name of a topic in a report.
  static func name(ofTopic topic: UInt) -> String {
    OpaquePointer(bitPattern: topic).flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
  }

  static func text(of error: Int32) -> String { String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(rawValue: error))) }

  /// The offset that a partition's next message will have, 0 when the broker knows no such partition, or nil when no broker tells within
  /// `timeout` milliseconds. Blocks.
  func highWatermark(topic: String, partition: Int32, timeout: Int32) -> Int64? {
    var low: Int64 = -1
    var high: Int64 = -1
    switch rd_kafka_query_watermark_offsets(handle, topic, partition, &low, &high, timeout) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return high
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return 0
    default: return nil
    }
  }

  /// Ends the producer. What is not reported by now never will be.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    drain { _ in }
    rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
    if let topic { rd_kafka_topic_destroy(topic) }
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(handle)
    Glibc.close(descriptor)
  }
}
