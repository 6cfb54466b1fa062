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
  private var buffer = ByteBuffer()
  private let encoders: [EventEncoder]
  private let topics: [UnsafeMutablePointer<CChar>]
  private let firstTopic: [Int]
  private let qos: [Int32]

  init(world: World, topic: String, fleet: MQTTFleet) {
    self.fleet = fleet
    let template = TopicTemplate(topic)
    var topics: [UnsafeMutablePointer<CChar>] = []
    var firstTopic: [Int] = []
    for (index, device) in world.devices.enumerated() {
      firstTopic.append(topics.count)
      let profile = world.profile(of: index)
      for sensor in profile.sensors.indices {
        // strdup fails only without memory, and then nothing can go on.
        topics.append(strdup(template.topic(device: device, profile: profile, sensor: sensor))!)
      }
    }
    self.topics = topics
    self.firstTopic = firstTopic
    encoders = world.devices.indices.map { EventEncoder(device: world.devices[$0], profile: world.profile(of: $0)) }
    qos = world.devices.indices.map { Int32(world.profile(of: $0).connection.qos) }
  }

  deinit { for topic in topics { free(topic) } }

  func connect(_ device: Int) { fleet.connect(device) }
  func cut(_ device: Int) { fleet.cut(device) }
  func loseSession(_ device: Int) { fleet.loseSession(device) }
  func disconnect(_ device: Int) { fleet.disconnect(device) }

  func publish(_ reading: Reading, of device: Int, over connection: Int) -> Int32 {
    buffer.removeAll()
    encoders[device].encode(reading, into: &buffer)
    let topic = topics[firstTopic[device] + Int(reading.sensor)]
    let qos = qos[connection]
    let size = buffer.count
    let message = buffer.withUnsafeBytes { fleet.publish(connection, topic: topic, payload: $0, qos: qos) }
    if message > 0 {
      published += 1
      publishedBytes += Int64(size)
    }
    return message
  }
}
