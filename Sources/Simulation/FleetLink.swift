import Firmware
import FleetSpec
import Glibc
import Payload
import Transport
import World

/// Joins Firmware to the MQTT transport: encodes readings and names topics.
final class FleetLink: DeviceLink {
  let fleet: MQTTFleet
  /// Readings put on the wire by the firmware, repeats included, re-deliveries by the session not.
  private(set) var published: Int64 = 0
  private(set) var publishedBytes: Int64 = 0
  private let world: World
  private let template: TopicTemplate
  /// By profile: a fleet has many devices and few kinds of them.
  private let encoders: [EventEncoder]
  private let qos: [Int32]
  /// Payload and topic of the message that is just being sent.
  private var payload = ByteBuffer()
  private var topic = ByteBuffer()

  init(world: World, topic: String, fleet: MQTTFleet) {
    self.fleet = fleet
    self.world = world
    template = TopicTemplate(topic)
    encoders = world.fleet.profiles.map { EventEncoder(profile: $0) }
    qos = world.fleet.profiles.map { Int32($0.connection.qos) }
  }

  func connect(_ device: Int) { fleet.connect(device) }
  func cut(_ device: Int) { fleet.cut(device) }
  func loseSession(_ device: Int) { fleet.loseSession(device) }
  func disconnect(_ device: Int) { fleet.disconnect(device) }

  func setFlow(_ flow: LinkFlow, of device: Int) {
    switch flow {
    case .open: fleet.setFlow(.open, of: device)
    case .outgoingOnly: fleet.setFlow(.outgoingOnly, of: device)
    case .none: fleet.setFlow(.none, of: device)
    }
  }

  func publish(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Int32 {
    let identity = world.devices[device]
    let qos = qos[world.devices[connection].profile]
    payload.removeAll()
    encoders[identity.profile].encode(reading, of: identity, copy: copy, into: &payload)
    topic.removeAll()
    template.append(device: identity, sensor: world.fleet.profiles[identity.profile].sensors[Int(reading.sensor)], into: &topic)
    topic.append(UInt8(0))
    let message = payload.withUnsafeBytes { bytes in
      topic.withUnsafeBytes { name in
        // The topic ends in a zero byte, so that it is never empty.
        name.withMemoryRebound(to: CChar.self) { fleet.publish(connection, topic: $0.baseAddress!, payload: bytes, qos: qos) }
      }
    }
    if message > 0 {
      published += 1
      publishedBytes += Int64(payload.count)
    }
    return message
  }
}
