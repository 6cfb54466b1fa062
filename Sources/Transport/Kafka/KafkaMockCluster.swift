import CRdKafka
import Glibc

/// librdkafka's mock cluster: brokers inside this process that speak the real protocol over 127.0.0.1. Each partition keeps its last 5 MiB.
public final class KafkaMockCluster {
  /// What its clients call ProduceRequest.
  static let produceKey: Int16 = 0
  /// `host:port` of its brokers, separated by commas; any Kafka client can connect there.
  public let brokers: String
  private let owner: OpaquePointer
  private let cluster: OpaquePointer

  /// - Parameter count: how many brokers.
  public init(brokers count: Int = 1) throws(KafkaError) {
    let configuration = KafkaSettings.Handle()
    owner = try configuration.start(RD_KAFKA_PRODUCER)
    guard let cluster = rd_kafka_mock_cluster_new(owner, Int32(count)), let text = rd_kafka_mock_cluster_bootstraps(cluster) else {
      rd_kafka_destroy(owner)
      throw KafkaError(description: "librdkafka's mock cluster cannot be started")
    }
    self.cluster = cluster
    brokers = String(cString: text)
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(owner)
  }

  public func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
    let result = rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaError(description: "the topic '\(name)' cannot be made: \(KafkaProducer.text(of: result.rawValue))")
    }
  }

  /// The next ProduceRequests are stored and answered with these errors, one each.
  public func failNextProduceRequests(with errors: [Int32]) {
    let codes = errors.map { rd_kafka_resp_err_t(rawValue: $0) }
    rd_kafka_mock_push_request_errors_array(cluster, Self.produceKey, codes.count, codes)
  }

  /// Closes all connections of a broker, counted from 1, and accepts no new ones, or accepts them again.
  public func setBroker(_ number: Int, isUp: Bool) {
    _ = isUp ? rd_kafka_mock_broker_set_up(cluster, Int32(number)) : rd_kafka_mock_broker_set_down(cluster, Int32(number))
  }

  /// How long a broker, counted from 1, takes to answer, in milliseconds.
  public func setRoundTrip(_ milliseconds: Int, ofBroker number: Int) {
    rd_kafka_mock_broker_set_rtt(cluster, Int32(number), Int32(milliseconds))
  }
}
