import FleetSpec
import World

/// What a fleet's edge nodes say over MQTT: the state of Sparkplug's sessions, without any network.
///
/// A connection is an edge node, named by the device that holds it. A gateway's devices are the node's devices; a device with a connection of
/// its own is a node whose metrics are the node's own.
///
/// A link calls `begin` before each connection attempt and leaves `death` as the last will, publishes `births` as soon as it is connected, and
/// again when `asksForRebirth` says so of a message on `commandTopic`; every other message is made by `data`.
///
/// Source: Eclipse Sparkplug Specification 3.0.0, chapters 4 to 6.
public struct SparkplugNodes: Sendable {
  private struct Node: Sendable {
    /// Of the session; -1 before the first.
    var birthDeath: Int64 = -1
    /// Of the last message.
    var sequence: UInt8 = 0
    var bornAt: Milliseconds = .min
  }

  private struct Device: Sendable {
    var firstAlias: Int32 = 0
    /// Of the newest reading that was sent.
    var latest: Milliseconds = .min
    /// Of the firmware that the last birth told of.
    var version: UInt8 = 0
  }

  private let world: World
  /// By profile; nil for those that speak otherwise.
  private let codecs: [SparkplugCodec?]
  private let groups: [String]
  /// By device, those without a connection included.
  private let isNode: [Bool]
  private var nodes: [Node]
  private var devices: [Device]

  /// Nil when no device speaks Sparkplug.
  public init?(_ world: World) {
    let profiles = world.fleet.profiles
    guard profiles.contains(where: { $0.payload.codec == .sparkplug }) else { return nil }
    self.world = world
    codecs = profiles.map { $0.payload.codec == .sparkplug ? SparkplugCodec(profile: $0) : nil }
    groups = profiles.map(\.payload.group)
    isNode = world.devices.map { $0.gateway < 0 && profiles[$0.profile].payload.codec == .sparkplug }
    nodes = [Node](repeating: Node(), count: world.devices.count)
    devices = [Device](repeating: Device(), count: world.devices.count)
    for connection in world.devices.indices where isNode[connection] {
      var alias: Int32 = 1
      for device in world.members(ofConnection: connection) {
        devices[device].firstAlias = alias
        alias += Int32(world.profile(of: device).sensors.count)
      }
    }
  }

  /// Whether a connection is an edge node.
  public func isNode(_ connection: Int) -> Bool { isNode[connection] }

  /// Whether a device's readings are Sparkplug's metrics.
  public func speaks(_ device: Int) -> Bool { codecs[world.devices[device].profile] != nil }

  /// Begins the next session of a node: to be called before each connection attempt.
  public mutating func begin(_ connection: Int) {
    nodes[connection].birthDeath = (nodes[connection].birthDeath + 1) & 0xff
  }

  /// NDEATH of the session: the last will, with QoS 1 and not retained, and what a node says before it leaves on purpose.
  ///
  /// - Parameter time: of the session's begin, or of the leave.
  public func death(of connection: Int, at time: Milliseconds, topic: inout ByteBuffer, payload: inout ByteBuffer) {
    putTopic("/NDEATH/", connection, device: nil, into: &topic)
    let number = nodes[connection].birthDeath
    payload.write(atMost: 128) { cursor in
      cursor.put(field: 1, varint: UInt64(bitPattern: time))
      cursor.put(message: 2) { $0.putBirthDeath(number, at: time) }
    }
  }

  /// The topic on which a node is given commands; to be subscribed to with QoS 1.
  public func commandTopic(of connection: Int, into topic: inout ByteBuffer) {
    putTopic("/NCMD/", connection, device: nil, into: &topic)
  }

  /// NBIRTH, and DBIRTH for each of a gateway's devices, each with QoS 0.
  ///
  /// - Parameters:
  ///   - isFirst: whether the node has just connected: what was measured before is historical from now on.
  ///   - publish: called with topic, behind which a zero byte stands, and payload of each message, in order.
  public mutating func births(
    of connection: Int, isFirst: Bool, at time: Milliseconds,
    publish: (_ topic: borrowing ByteBuffer, _ payload: borrowing ByteBuffer) -> Void
  ) {
    var topic = ByteBuffer()
    var payload = ByteBuffer(capacity: 4096)
    if isFirst { nodes[connection].bornAt = time }
    nodes[connection].sequence = 0
    putTopic("/NBIRTH/", connection, device: nil, into: &topic)
    topic.append(UInt8(0))
    putNodeBirth(connection, at: time, into: &payload)
    publish(topic, payload)
    for device in world.members(ofConnection: connection) where device != connection {
      guard let codec = codecs[world.devices[device].profile] else { continue }
      topic.removeAll()
      payload.removeAll()
      putTopic("/DBIRTH/", connection, device: device, into: &topic)
      topic.append(UInt8(0))
      let sequence = next(connection)
      let site = world.devices[device].siteID
      payload.write(atMost: codec.birthRoom + site.utf8.count + 256) { cursor in
        cursor.put(field: 1, varint: UInt64(bitPattern: time))
        putMetrics(of: device, codec, at: time, into: &cursor)
        cursor.put(field: 3, varint: UInt64(sequence))
      }
      publish(topic, payload)
    }
  }

  /// Whether a reading comes from another version of the firmware than the last birth told of: births must come first.
  public mutating func needsBirth(for reading: Reading, of device: Int) -> Bool {
    guard reading.version > devices[device].version else { return false }
    devices[device].version = reading.version
    return true
  }

  /// NDATA or DDATA of readings of one device with one timestamp, with QoS 0.
  ///
  /// Readings are historical when they were measured before the node connected, or before others that were sent already.
  public mutating func data(
    _ readings: UnsafeBufferPointer<Reading>, of device: Int, over connection: Int, at time: Milliseconds, topic: inout ByteBuffer,
    payload: inout ByteBuffer
  ) {
    guard let codec = codecs[world.devices[device].profile], let first = readings.first else { return }
    let isStranger = first.malformation == .unknownDevice
    let isOwn = device == connection
    putTopic(isOwn ? "/NDATA/" : "/DDATA/", connection, device: isOwn ? nil : device, isStranger: isStranger, into: &topic)
    // A node that nobody knows has no sequence of its own.
    let sequence = isOwn && isStranger ? 0 : next(connection)
    let historical = first.trueTime < nodes[connection].bornAt || first.trueTime < devices[device].latest
    devices[device].latest = max(devices[device].latest, first.trueTime)
    codec.encode(
      readings, firstAlias: Int(devices[device].firstAlias), sequence: sequence, historical: historical, at: time, into: &payload)
  }

  private mutating func next(_ connection: Int) -> UInt8 {
    nodes[connection].sequence &+= 1
    return nodes[connection].sequence
  }

  private func putNodeBirth(_ connection: Int, at time: Milliseconds, into payload: inout ByteBuffer) {
    let profile = world.devices[connection].profile
    let codec = codecs[profile]
    let number = nodes[connection].birthDeath
    let site = world.devices[connection].siteID
    payload.write(atMost: (codec?.birthRoom ?? 0) + site.utf8.count + 512) { cursor in
      cursor.put(field: 1, varint: UInt64(bitPattern: time))
      cursor.put(message: 2) { $0.putBirthDeath(number, at: time) }
      cursor.put(message: 2) { cursor in
        cursor.put(field: 1, text: "Node Control/Rebirth")
        cursor.put(field: 3, varint: UInt64(bitPattern: time))
        cursor.put(field: 4, varint: SparkplugType.boolean.rawValue)
        cursor.put(field: 14, varint: 0)
      }
      if let codec { putMetrics(of: connection, codec, at: time, into: &cursor) }
      cursor.put(field: 3, varint: 0)
    }
  }

  private func putMetrics(of device: Int, _ codec: SparkplugCodec, at time: Milliseconds, into cursor: inout ByteCursor) {
    cursor.put(message: 2) { cursor in
      cursor.put(field: 1, text: "Properties/site_id")
      cursor.put(field: 3, varint: UInt64(bitPattern: time))
      cursor.put(field: 4, varint: SparkplugType.string.rawValue)
      cursor.put(field: 15, string: world.devices[device].siteID)
    }
    codec.putBirth(firstAlias: Int(devices[device].firstAlias), version: Int(devices[device].version), at: time, into: &cursor)
  }

  private func putTopic(
    _ kind: StaticString, _ connection: Int, device: Int?, isStranger: Bool = false, into topic: inout ByteBuffer
  ) {
    topic.append("spBv1.0/")
    topic.append(string: groups[world.devices[connection].profile])
    topic.append(kind)
    if isStranger, device == nil { topic.append(Malformation.unknownPrefix) }
    topic.append(string: world.devices[connection].id)
    guard let device else { return }
    topic.append(UInt8(ascii: "/"))
    if isStranger { topic.append(Malformation.unknownPrefix) }
    topic.append(string: world.devices[device].id)
  }
}

extension ByteCursor {
  /// The inside of the metric that tells which birth a death belongs to.
  fileprivate mutating func putBirthDeath(_ number: Int64, at time: Milliseconds) {
    put(field: 1, text: "bdSeq")
    put(field: 3, varint: UInt64(bitPattern: time))
    put(field: 4, varint: SparkplugType.int64.rawValue)
    put(field: 11, varint: UInt64(bitPattern: number))
  }
}
