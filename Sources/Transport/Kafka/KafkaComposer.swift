import FleetSpec
import Payload
import World

/// Makes a Kafka message of a reading: payload, key, topic, headers and timestamp. Allocates nothing once its buffers have grown.
final class KafkaComposer {
  /// The topic of all messages, or nil when it depends on the reading.
  let singleTopic: String?
  private(set) var payloadSize = 0
  private let world: World
  private let topicTemplate: TopicTemplate
  private let keyTemplate: TopicTemplate?
  private let headerTemplates: [TopicTemplate]
  private let usesDeviceTime: Bool
  /// By profile: a fleet has many devices and few kinds of them.
  private let encoders: [EventEncoder]
  private var payload = ByteBuffer()
  private var topic = ByteBuffer()
  private var key = ByteBuffer(capacity: 128)
  /// All headers' values, one behind the other.
  private var headers = ByteBuffer(capacity: 256)
  private var headerEnds: [Int]

  init(world: World, transport: KafkaTransport) {
    self.world = world
    singleTopic = transport.topic.contains("{") ? nil : transport.topic
    topicTemplate = TopicTemplate(transport.topic)
    keyTemplate = transport.key.isEmpty ? nil : TopicTemplate(transport.key)
    headerTemplates = transport.headers.map { TopicTemplate($0.value) }
    headerEnds = [Int](repeating: 0, count: transport.headers.count)
    usesDeviceTime = transport.timestamp == .device
    encoders = world.fleet.profiles.map { EventEncoder(profile: $0) }
  }

  func send(_ reading: Reading, of device: Int, copy: Int, token: KafkaToken, by producer: KafkaProducer) -> KafkaProducer.Outcome {
    compose(reading, of: device, copy: copy)
    // librdkafka takes 0 for now: a clock that has never been set shows the first millisecond.
    return hand(timestamp: usesDeviceTime ? max(1, reading.timestamp) : 0, token, producer)
  }

  private func compose(_ reading: Reading, of device: Int, copy: Int) {
    let identity = world.devices[device]
    let sensor = world.fleet.profiles[identity.profile].sensors[Int(reading.sensor)]
    payload.removeAll()
    encoders[identity.profile].encode(reading, of: identity, copy: copy, into: &payload)
    payloadSize = payload.count
    key.removeAll()
    keyTemplate?.append(device: identity, sensor: sensor, into: &key)
    if singleTopic == nil {
      topic.removeAll()
      topicTemplate.append(device: identity, sensor: sensor, into: &topic)
      topic.append(UInt8(0))
    }
    headers.removeAll()
    for index in headerTemplates.indices {
      headerTemplates[index].append(device: identity, sensor: sensor, into: &headers)
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
