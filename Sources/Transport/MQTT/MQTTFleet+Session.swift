import CMosquitto
import Payload

/// What belongs to a session and is no reading: the last will, births, commands.
///
/// Called by `MQTTFleet` while it works on a connection; nobody may connect or close anything from within.
public protocol SessionMessages: AnyObject {
  /// A connection attempt is about to begin. A will that is left now is that of the session.
  func willConnect(_ device: Int)
  /// The broker has let the device in; nothing else was published yet over this connection.
  func didConnect(_ device: Int)
  /// A message on a topic that was subscribed to. False when it is none of the session's.
  func received(_ payload: UnsafeRawBufferPointer, on topic: UnsafePointer<CChar>, _ device: Int) -> Bool
  /// The device is about to say goodbye.
  func willDisconnect(_ device: Int)
}

extension MQTTFleet {
  /// Leaves a last will, which takes the place of an earlier one.
  func setWill(_ device: Int, topic: borrowing ByteBuffer, payload: borrowing ByteBuffer, qos: Int32) {
    guard let mosquitto = clients[device].mosquitto else { return }
    withTopic(topic, payload) { _ = mosquitto_will_set(mosquitto, $0, Int32($1.count), $1.baseAddress, qos, false) }
  }

  /// Publishes something that is no reading, with QoS 0 and not retained.
  func announce(_ device: Int, topic: borrowing ByteBuffer, payload: borrowing ByteBuffer) {
    guard let mosquitto = clients[device].mosquitto else { return }
    withTopic(topic, payload) { _ = mosquitto_publish(mosquitto, nil, $0, Int32($1.count), $1.baseAddress, 0, false) }
  }

  /// Subscribes with QoS 1 to what goes to `SessionMessages.received`.
  func subscribe(_ device: Int, topic: borrowing ByteBuffer) {
    guard let mosquitto = clients[device].mosquitto else { return }
    withTopic(topic, topic) { name, _ in _ = mosquitto_subscribe(mosquitto, nil, name, 1) }
  }

  /// - Parameter topic: with a zero byte at its end.
  private func withTopic(
    _ topic: borrowing ByteBuffer, _ payload: borrowing ByteBuffer, _ body: (UnsafePointer<CChar>, UnsafeRawBufferPointer) -> Void
  ) {
    topic.withUnsafeBytes { name in
      guard let start = name.bindMemory(to: CChar.self).baseAddress else { return }
      payload.withUnsafeBytes { body(start, $0) }
    }
  }

  /// Tells what became of a message: of each of its readings, where readings share messages.
  func tell(_ event: LinkEvent) {
    let device = Int(event.device)
    guard numbers?.isUsed(device) == true else { return events.append(event) }
    for number in numbers?.acknowledged(message: event.message, of: device) ?? 0..<0 {
      var own = event
      own.message = number
      events.append(own)
    }
  }
}
