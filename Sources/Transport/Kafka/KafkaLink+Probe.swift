import FleetSpec
import Glibc

extension KafkaLink {
  /// Tries to reach a fleet's brokers.
  /// - Parameter timeout: wall-clock milliseconds.
  /// - Returns: why none was reached, or nil when one was. A cluster that is embedded is always there.
  /// - Throws: `KafkaError` or `SecretError` when it cannot even be tried.
  public static func probe(_ transport: KafkaTransport, timeout: Int64) throws -> LinkFailure? {
    if transport.brokers == .embedded { return nil }
    let producer = try KafkaProducer(configuration: KafkaSettings(transport).configuration(), topic: nil, headers: [])
    defer { producer.close() }
    var waited: Int64 = 0
    while waited < timeout {
      var descriptor = pollfd(fd: producer.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, 50)
      waited += 50
      producer.drain { _ in }
      if producer.isUp { return nil }
      if producer.takeDefeat() { break }
    }
    return producer.trouble.map { .kafka($0.code, $0.text) } ?? .timedOut
  }
}
