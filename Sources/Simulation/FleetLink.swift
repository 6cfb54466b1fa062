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

  func connect(_ connection: Int) { fleet.connect(connection) }
  func cut(_ connection: Int) { fleet.cut(connection) }
  func loseSession(_ connection: Int) { fleet.loseSession(connection) }
  func disconnect(_ connection: Int) { fleet.disconnect(connection) }

  func setFlow(_ flow: LinkFlow, of connection: Int) {
    switch flow {
    case .open: fleet.setFlow(.open, of: connection)
    case .outgoingOnly: fleet.setFlow(.outgoingOnly, of: connection)
    case .none: fleet.setFlow(.none, of: connection)
    }
  }

  func publish(_ outgoing: Outgoing, over connection: Int) -> Int32 {
    let device = world.devices[Int(outgoing.device)]
    let qos = qos[world.devices[world.connections.owner(connection)].profile]
    payload.removeAll()
    encoders[device.profile].encode(outgoing.reading, of: device, into: &payload)
    topic.removeAll()
    template.append(device: device, sensor: world.fleet.profiles[device.profile].sensors[Int(outgoing.reading.sensor)], into: &topic)
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
