import Firmware
import FleetSpec
import Payload
import Reactor
import World

/// A fleet over MQTT: encodes readings, alone or gathered, and names topics.
public final class MQTTLink: FleetLink {
  let fleet: MQTTFleet
  public private(set) var published: Int64 = 0
  public private(set) var publishedBytes: Int64 = 0
  public var time: Milliseconds
  private let world: World
  private let template: TopicTemplate
  /// By profile: a fleet has many devices and few kinds of them.
  private let codecs: [any Codec]
  private let isWide: [Bool]
  private let qos: [Int32]
  var sparkplug: SparkplugNodes?
  /// What one message of several readings will hold; empty between the steps of firmware.
  private var group = ReadingGroup()
  private let userProperties: UserPropertyTemplates
  /// Payload and topic of the message that is just being sent.
  var payload = ByteBuffer()
  var topic = ByteBuffer()

  /// - Parameters:
  ///   - world: whose devices connect.
  ///   - password: of the user, if there is one.
  /// - Throws: `MQTTFleetError` when a host is unknown or the TLS files cannot be used, `SecretError` when the credentials cannot.
  public init(_ transport: MQTTTransport, password: String?, world: World, reactor: Reactor) throws {
    let configuration = MQTTConfiguration(transport, password: password)
    fleet = try MQTTFleet(
      configuration: configuration, devices: MQTTSettings(transport, password: password).devices(of: world), reactor: reactor)
    userProperties = UserPropertyTemplates(transport.options.userProperties, messageExpiry: configuration.messageExpiry)
    self.world = world
    time = world.start
    template = TopicTemplate(transport.topic)
    codecs = world.fleet.profiles.map { Codecs.codec(of: $0) }
    isWide = world.fleet.profiles.map { $0.payload.shape == .wide }
    qos = world.fleet.profiles.map { Int32($0.connection.qos) }
    sparkplug = SparkplugNodes(world)
    fleet.numbers = GroupNumbers(world)
    if sparkplug != nil { fleet.session = self }
  }

  public var events: [LinkEvent] {
    _read { yield fleet.events }
    _modify { yield &fleet.events }
  }
  public var connectedCount: Int { fleet.connectedCount }
  public var isQuiet: Bool { fleet.isQuiet }
  public var now: Int64 {
    get { fleet.now }
    set { fleet.now = newValue }
  }
  public var notes: [String] {
    var notes: [String] = []
    if fleet.unheard > 0 {
      notes.append("\(fleet.unheard) messages were acknowledged with 'no matching subscribers': nobody had subscribed to their topics")
    }
    let connections = fleet.connectionsByBroker
    if connections.count > 1 { notes.append("connections by broker at the end: \(connections.map(String.init).joined(separator: ", "))") }
    return notes
  }
  public func housekeeping() { fleet.housekeeping() }

  public func connect(_ device: Int) { fleet.connect(device) }

  public func cut(_ device: Int) {
    sendGroup()
    fleet.cut(device)
  }

  public func loseSession(_ device: Int) {
    sendGroup()
    fleet.loseSession(device)
    fleet.numbers?.forget(device)
  }

  public func disconnect(_ device: Int) {
    sendGroup()
    fleet.disconnect(device)
  }

  public func setFlow(_ flow: LinkFlow, of device: Int) {
    sendGroup()
    fleet.setFlow(flow, of: device)
  }

  public func flush(_ device: Int) { sendGroup() }

  public func publish(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Int32 {
    let mayJoin = isWide[world.devices[device].profile] && ReadingGroup.mayJoin(reading)
    if !group.isEmpty, !mayJoin || !group.takes(reading, of: device, copy: copy, over: connection) { sendGroup() }
    if mayJoin {
      // What is gathered counts as sent: there must be a connection that will take it.
      guard fleet.isConnected(connection) else { return 0 }
      let number = fleet.numbers?.next(connection) ?? 0
      group.append(reading, of: device, copy: copy, over: connection, number: number)
      published += 1
      return number
    }
    let message = withUnsafePointer(to: reading) {
      send(UnsafeBufferPointer(start: $0, count: 1), of: device, copy: copy, over: connection)
    }
    guard message > 0 else { return 0 }
    published += 1
    return number(message, connection)
  }

  /// The number that firmware knows the one reading of a message by.
  private func number(_ message: Int32, _ connection: Int) -> Int32 {
    guard fleet.numbers?.isUsed(connection) == true else { return message }
    let number = fleet.numbers?.next(connection) ?? 0
    note(message, first: number, count: 1, connection)
    return number
  }

  private func note(_ message: Int32, first: Int32, count: Int, _ connection: Int) {
    if message > 65_535, let event = fleet.events.last, event.message == message {
      // The broker's limits refuse it, and the event that says so bears the message's number.
      fleet.events.removeLast()
      fleet.numbers?.note(message: message, first: first, count: count, of: connection)
      return fleet.tell(event)
    }
    // Nobody waits for an acknowledgement at QoS 0, and the library may have told of it already.
    guard qos[world.devices[connection].profile] > 0 else { return }
    fleet.numbers?.note(message: message, first: first, count: count, of: connection)
  }

  private func sendGroup() {
    guard !group.isEmpty else { return }
    let connection = group.connection
    let message = group.readings.withUnsafeBufferPointer {
      send($0, of: group.device, copy: group.copy, over: connection)
    }
    // The connection was there when its first reading came, and only `send` can lose it, which then keeps the message. Should a message be
    // refused all the same, no acknowledgement comes, and its readings end as unconfirmed.
    if message > 0 { note(message, first: group.firstNumber, count: group.readings.count, connection) }
    group.removeAll()
  }

  /// Sends one message. Returns its number, or 0.
  private func send(_ readings: UnsafeBufferPointer<Reading>, of device: Int, copy: Int, over connection: Int) -> Int32 {
    let identity = world.devices[device]
    payload.removeAll()
    topic.removeAll()
    let sensor = Int(readings[0].sensor)
    // Numbered by sensor, or the one of a wide message; a gateway's members would share the numbers.
    var alias = device == connection && sensor < MQTTProperties.mostAliases ? sensor + 1 : 0
    if sparkplug?.speaks(device) == true {
      announceVersion(of: readings[0], device, connection)
      sparkplug?.data(readings, of: device, over: connection, at: time, topic: &topic, payload: &payload)
      alias = 0
    } else {
      encode(readings, identity, copy)
      if isWide[identity.profile] { alias = min(alias, 1) }
    }
    topic.append(UInt8(0))
    let qos = qos[world.devices[connection].profile]
    let user =
      userProperties.isEmpty ? nil : userProperties.properties(of: identity, world.fleet.profiles[identity.profile], sensor: sensor)
    let message = payload.withUnsafeBytes { bytes in
      topic.withUnsafeBytes { name in
        // The topic ends in a zero byte, so that it is never empty.
        name.withMemoryRebound(to: CChar.self) {
          fleet.publish(connection, topic: $0.baseAddress!, payload: bytes, qos: qos, alias: alias, user: user)
        }
      }
    }
    if message > 0 { publishedBytes += Int64(payload.count) }
    return message
  }

  private func encode(_ readings: UnsafeBufferPointer<Reading>, _ identity: DeviceIdentity, _ copy: Int) {
    let codec = codecs[identity.profile]
    guard isWide[identity.profile] else {
      codec.encode(readings[0], of: identity, copy: copy, into: &payload)
      let sensor = world.fleet.profiles[identity.profile].sensors[Int(readings[0].sensor)]
      return template.append(device: identity, sensor: sensor, into: &topic)
    }
    if group.isEmpty {
      codec.encode(readings[0], of: identity, copy: copy, into: &payload)
    } else {
      codec.encode(group.readings, of: identity, copy: copy, into: &payload)
    }
    template.append(device: identity, into: &topic)
  }
}
