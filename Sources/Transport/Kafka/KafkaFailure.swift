import CRdKafka

/// What librdkafka's errors mean for who runs a fleet.
enum KafkaFailure {
  /// - Parameter text: what librdkafka says beyond the error itself, or empty.
  static func description(_ code: Int32, _ text: String) -> String {
    let detail = text.isEmpty ? KafkaProducer.text(of: code) : text
    switch rd_kafka_resp_err_t(rawValue: code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TIMED_OUT:
      return "no Kafka broker can be reached; is it running? (\(detail))"
    case RD_KAFKA_RESP_ERR__RESOLVE: return "the name of the Kafka broker cannot be resolved (\(detail))"
    case RD_KAFKA_RESP_ERR__SSL:
      return "the TLS handshake with the Kafka broker failed: do ssl.ca.location and the port's protocol fit? (\(detail))"
    case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return "the Kafka broker refused the credentials (\(detail))"
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return "the Kafka topic does not exist, and the broker does not make it (\(detail))"
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return "the Kafka broker does not allow this client to write (\(detail))"
    default: return "the Kafka broker did not take a message (\(detail))"
    }
  }

  /// Whether a message that was refused for this reason will be refused again, whatever happens.
  static func isForGood(_ code: Int32) -> Bool {
    let code = rd_kafka_resp_err_t(rawValue: code)
    return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || code == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE
      || code == RD_KAFKA_RESP_ERR_INVALID_RECORD
  }
}
