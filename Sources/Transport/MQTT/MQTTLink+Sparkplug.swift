import Glibc
import Payload
import World

/// The sessions of Sparkplug's edge nodes.
extension MQTTLink: SessionMessages {
  public func willConnect(_ device: Int) {
    guard sparkplug?.isNode(device) == true else { return }
    sparkplug?.begin(device)
    makeDeath(device)
    fleet.setWill(device, topic: topic, payload: payload, qos: 1)
  }

  public func didConnect(_ device: Int) {
    guard sparkplug?.isNode(device) == true else { return }
    topic.removeAll()
    sparkplug?.commandTopic(of: device, into: &topic)
    topic.append(UInt8(0))
    fleet.subscribe(device, topic: topic)
    announceBirths(device, isFirst: true)
  }

  public func received(_ payload: UnsafeRawBufferPointer, on topic: UnsafePointer<CChar>, _ device: Int) -> Bool {
    guard sparkplug?.isNode(device) == true, strncmp(topic, "spBv1.0/", 8) == 0 else { return false }
    if SparkplugCommand.asksForRebirth(payload) { announceBirths(device, isFirst: false) }
    return true
  }

  /// The broker does not publish the will of a client that says goodbye.
  public func willDisconnect(_ device: Int) {
    guard sparkplug?.isNode(device) == true else { return }
    makeDeath(device)
    fleet.announce(device, topic: topic, payload: payload)
  }

  /// New births where a reading comes from another version of the firmware than the last ones told of.
  func announceVersion(of reading: Reading, _ device: Int, _ connection: Int) {
    guard sparkplug?.needsBirth(for: reading, of: device) == true else { return }
    announceBirths(connection, isFirst: false)
    topic.removeAll()
    payload.removeAll()
  }

  private func makeDeath(_ device: Int) {
    topic.removeAll()
    payload.removeAll()
    sparkplug?.death(of: device, at: time, topic: &topic, payload: &payload)
    topic.append(UInt8(0))
  }

  private func announceBirths(_ device: Int, isFirst: Bool) {
    let fleet = fleet
    sparkplug?.births(of: device, isFirst: isFirst, at: time) { topic, payload in fleet.announce(device, topic: topic, payload: payload) }
  }
}
