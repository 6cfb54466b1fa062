import FleetSpec
import Payload
import World

/// Makes a Kafka message of a reading: payload, key, topic, headers and timestamp. Allocates nothing once its buffers have grown.
final class KafkaComposer {
  /// The topic of all messages, or nil when it depends on the reading.
  let singleTopic: String?
  private(set) var payloadSize = 0
  private let world: World
  private let topicTemplate: KafkaTemplate
  private let keyTemplate: KafkaTemplate?
  private let headerTemplates: [KafkaTemplate]
  private let usesDeviceTime: Bool
  /// By profile: a fleet has many devices and few kinds of them.
  private let codecs: [any Codec]
  /// By profile, where its sensors begin when those of all profiles are counted.
  private var firstSensors: [Int] = []
  private var payload = ByteBuffer()
  private var topic = ByteBuffer()
  private var key = ByteBuffer(capacity: 128)
  /// All headers' values, one behind the other.
  private var headers = ByteBuffer(capacity: 256)
  private var headerEnds: [Int]

  init(world: World, transport: KafkaTransport) {
    self.world = world
    singleTopic = transport.topic.contains("{") ? nil : transport.topic
    let profiles = world.fleet.profiles
    topicTemplate = KafkaTemplate(transport.topic, profiles: profiles)
    keyTemplate = transport.key.isEmpty ? nil : KafkaTemplate(transport.key, profiles: profiles)
    headerTemplates = transport.headers.map { KafkaTemplate($0.value, profiles: profiles) }
    headerEnds = [Int](repeating: 0, count: transport.headers.count)
    usesDeviceTime = transport.timestamp == .device
    codecs = profiles.map { Codecs.codec(of: $0) }
    var count = 0
    for profile in profiles {
      firstSensors.append(count)
      count += profile.sensors.count
    }
  }

  func send(_ reading: Reading, of device: Int, copy: Int, token: KafkaToken, by producer: KafkaProducer) -> KafkaProducer.Outcome {
    compose(reading, of: device, copy: copy)
    // librdkafka takes 0 for now: a clock that has never been set shows the first millisecond.
    return hand(timestamp: usesDeviceTime ? max(1, reading.timestamp) : 0, token, producer)
  }

  private func compose(_ reading: Reading, of device: Int, copy: Int) {
    let profile = world.devices[device].profile
    let sensor = firstSensors[profile] + Int(reading.sensor)
    payload.removeAll()
    codecs[profile].encode(reading, of: world.devices[device], copy: copy, into: &payload)
    payloadSize = payload.count
    key.removeAll()
    keyTemplate?.append(sensor: sensor, of: device, in: world, into: &key)
    if singleTopic == nil {
      topic.removeAll()
      topicTemplate.append(sensor: sensor, of: device, in: world, into: &topic)
      topic.append(UInt8(0))
    }
    headers.removeAll()
    for index in headerTemplates.indices {
      headerTemplates[index].append(sensor: sensor, of: device, in: world, into: &headers)
      headerEnds[index] = headers.count
    }
  }

  /// Key and payload of a reading, for people and other programs.
  func text(_ reading: Reading, of device: Int) -> (key: String, value: String) {
    compose(reading, of: device, copy: 0)
    return (String(decoding: key.bytes, as: UTF8.self), String(decoding: payload.bytes, as: UTF8.self))
  }

  private func hand(timestamp: Int64, _ token: KafkaToken, _ producer: KafkaProducer) -> KafkaProducer.Outcome {
    headers.withUnsafeBytes { values in
      var from = 0
      for index in headerEnds.indices {
        producer.setHeader(index, UnsafeRawBufferPointer(rebasing: values[from..<headerEnds[index]]))
        from = headerEnds[index]
      }
      return payload.withUnsafeBytes { bytes in
        key.withUnsafeBytes { keyBytes in
          guard singleTopic == nil else {
            return producer.produce(bytes, topicName: nil, key: keyBytes, timestamp: timestamp, token: token.bits)
          }
          return topic.withUnsafeBytes { name in
            name.withMemoryRebound(to: CChar.self) {
              producer.produce(bytes, topicName: $0.baseAddress, key: keyBytes, timestamp: timestamp, token: token.bits)
            }
          }
        }
      }
    }
  }
}
