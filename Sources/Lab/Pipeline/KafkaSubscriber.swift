import CLinux
import CRdKafka
import Foundation

/// Reads all partitions under the name of a consumer group: begins where the last pipeline has committed, or with the first message.
///
/// It is no member of the group, which has one pipeline only: one that follows on another that was killed would wait until the broker has
/// given its predecessor up.
final class KafkaSubscriber: PipelineSource {
  static let group = "heliograph-pipeline"

  var onMessage: ((UnsafePointer<CChar>?, UnsafeRawBufferPointer) -> Void)?
  private(set) var isSubscribed = false
  private(set) var subscribedAt: Int64 = 0
  private(set) var lastError: String?
  private(set) var hasMore = false
  private(set) var offsets: [Int32: Int64] = [:]
  let descriptor: Int32
  private let consumer: OpaquePointer
  private let queue: OpaquePointer
  private var isClosed = false

  init(port: Int) throws {
    consumer = try KafkaClient.make(
      RD_KAFKA_CONSUMER, port: port,
      [
        ("group.id", Self.group), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
        ("auto.offset.reset", "earliest"), ("topic.metadata.refresh.interval.ms", "1000"), ("reconnect.backoff.max.ms", "500"),
      ])
    rd_kafka_poll_set_consumer(consumer)
    guard let queue = rd_kafka_queue_get_consumer(consumer) else { throw LabError("the Kafka consumer has no queue") }
    self.queue = queue
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    var one: UInt64 = 1
    rd_kafka_queue_io_event_enable(queue, descriptor, &one, MemoryLayout<UInt64>.size)
  }

  deinit { disconnect() }

  /// Waits a little for the broker; what happens to the connection later, librdkafka mends by itself.
  func connect() -> Bool {
    guard !isSubscribed else { return true }
    guard let list = rd_kafka_topic_partition_list_new(KafkaBroker.partitions) else { return false }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for partition in 0..<KafkaBroker.partitions { rd_kafka_topic_partition_list_add(list, KafkaBroker.topic, partition) }
    var result = rd_kafka_committed(consumer, list, 3_000)
    if result == RD_KAFKA_RESP_ERR_NO_ERROR {
      for index in 0..<Int(list.pointee.cnt) where list.pointee.elems[index].offset < 0 {
        list.pointee.elems[index].offset = Int64(RD_KAFKA_OFFSET_BEGINNING)
      }
      result = rd_kafka_assign(consumer, list)
    }
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
      lastError = "Kafka: \(KafkaClient.text(result))"
      return false
    }
    isSubscribed = true
    lastError = nil
    subscribedAt = microsecondsNow() / 1000
    return true
  }

  func read() -> Bool {
    var count: UInt64 = 0
    _ = Glibc.read(descriptor, &count, MemoryLayout<UInt64>.size)
    hasMore = false
    for _ in 0..<500 {
      guard let message = rd_kafka_consumer_poll(consumer, 0) else { return true }
      defer { rd_kafka_message_destroy(message) }
      guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
        lastError = "Kafka: \(KafkaClient.text(message.pointee.err))"
        continue
      }
      // Also what makes no row has been dealt with when the batch is stored that is taken next.
      offsets[message.pointee.partition] = message.pointee.offset + 1
      onMessage?(
        rd_kafka_topic_name(message.pointee.rkt), UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len))
    }
    hasMore = true
    return true
  }

  func maintain() -> Bool { true }

  func commit(_ offsets: [Int32: Int64]) {
    guard !offsets.isEmpty, let list = rd_kafka_topic_partition_list_new(Int32(offsets.count)) else { return }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for (partition, offset) in offsets {
      rd_kafka_topic_partition_list_add(list, KafkaBroker.topic, partition)?.pointee.offset = offset
    }
    // What is not committed is read once more: an error needs no answer.
    rd_kafka_commit(consumer, list, 1)
  }

  func disconnect() {
    guard !isClosed else { return }
    isClosed = true
    isSubscribed = false
    rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
    // Sends the commits that are under way, and leaves the group.
    rd_kafka_consumer_close(consumer)
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(consumer)
    close(descriptor)
  }
}
