import FleetSpec
import Payload
import World

/// The messages that devices would send, one a line: texts as they are, bytes in hexadecimal digits; of Sparkplug births as well, and topics.
struct TracePayload {
  private let world: World
  private let codecs: [any Codec]
  private var nodes: SparkplugNodes?
  private var message = ByteBuffer()
  private var topic = ByteBuffer()

  init(_ world: World) {
    self.world = world
    codecs = world.fleet.profiles.map { Codecs.codec(of: $0) }
    nodes = SparkplugNodes(world)
  }

  /// What a device says before its first data.
  mutating func begin(_ device: Int, at time: Milliseconds, into output: inout ByteBuffer) {
    guard nodes?.isNode(device) == true else { return }
    nodes?.begin(device)
    var lines = ByteBuffer()
    nodes?.births(of: device, isFirst: true, at: time) { topic, payload in
      topic.withUnsafeBytes { lines.append(bytes: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
      lines.append(UInt8(ascii: " "))
      payload.withUnsafeBytes { Self.append(hexadecimal: $0, into: &lines) }
    }
    lines.withUnsafeBytes { output.append(bytes: $0) }
  }

  mutating func writeSample(of stream: borrowing DeviceStream, _ device: Int, into output: inout ByteBuffer) {
    let isWide = world.profile(of: device).payload.shape == .wide
    var gathered: [Reading] = []
    for index in 0..<stream.readingCount {
      let reading = stream.reading(index)
      if isWide, ReadingGroup.mayJoin(reading) { gathered.append(reading) } else { write([reading], of: device, into: &output) }
    }
    if !gathered.isEmpty { write(gathered, of: device, into: &output) }
  }

  private mutating func write(_ readings: [Reading], of device: Int, into output: inout ByteBuffer) {
    let identity = world.devices[device]
    message.removeAll()
    if nodes?.speaks(device) == true {
      let connection = identity.gateway >= 0 ? identity.gateway : device
      topic.removeAll()
      readings.withUnsafeBufferPointer {
        nodes?.data($0, of: device, over: connection, at: readings[0].trueTime, topic: &topic, payload: &message)
      }
      topic.withUnsafeBytes { output.append(bytes: $0) }
      output.append(UInt8(ascii: " "))
      return message.withUnsafeBytes { Self.append(hexadecimal: $0, into: &output) }
    }
    let codec = codecs[identity.profile]
    if readings.count == 1, world.profile(of: device).payload.shape == .narrow || !ReadingGroup.mayJoin(readings[0]) {
      codec.encode(readings[0], of: identity, copy: 0, into: &message)
    } else {
      codec.encode(readings, of: identity, copy: 0, into: &message)
    }
    message.withUnsafeBytes { bytes in
      switch world.profile(of: device).payload.codec {
      case .cbor, .sparkplug: Self.append(hexadecimal: bytes, into: &output)
      case .lineProtocol: output.append(bytes: bytes)
      case .json:
        output.append(bytes: bytes)
        output.append(UInt8(ascii: "\n"))
      }
    }
  }

  private static func append(hexadecimal bytes: UnsafeRawBufferPointer, into output: inout ByteBuffer) {
    let digits: StaticString = "0123456789abcdef"
    for byte in bytes {
      output.append(digits.utf8Start[Int(byte >> 4)])
      output.append(digits.utf8Start[Int(byte & 15)])
    }
    output.append(UInt8(ascii: "\n"))
  }
}
