import CMosquitto
import COpenSSL

/// Several brokers: to the next when one cannot be reached, and back to the first after a while.
///
/// A device whose connection is lost tries the same broker once more. Each attempt that fails sends it to the next one, in turn. One that is
/// on another broker than the first for `moveBackAfter` leaves it in good order when some other device is connected to the first; as long as
/// none is, one device at a time looks whether the first is there again.
extension MQTTFleet {
  /// The attempt of a device has failed.
  func moveOn(_ device: Int) {
    guard brokers.count > 1 else { return }
    clients[device].broker = UInt8((Int(clients[device].broker) + 1) % brokers.count)
    clients[device].movedAt = now
    clients[device].isAimed = false
  }

  func moveBackIfDue(_ device: Int) {
    guard let after = configuration.moveBackAfter, now - clients[device].movedAt >= after else { return }
    if connectedTo[0] == 0 {
      guard now >= nextScout else { return }
      nextScout = now + after
    }
    if let mosquitto = clients[device].mosquitto { mosquitto_disconnect(mosquitto) }
    drop(device, .movedBack)
    clients[device].broker = 0
    clients[device].movedAt = now
    clients[device].isAimed = false
  }

  /// Whether the TLS session of an open connection is one of an earlier connection.
  func isResumed(_ device: Int) -> Bool {
    guard let mosquitto = clients[device].mosquitto, let connection = mosquitto_ssl_get(mosquitto) else { return false }
    return SSL_session_reused(OpaquePointer(connection)) == 1
  }

  /// How many devices are connected to each broker, the first choice first.
  public var connectionsByBroker: [Int] { connectedTo }
}
