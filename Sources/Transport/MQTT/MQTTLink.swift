import Firmware
import FleetSpec
import Payload
import Reactor
import World

/// A fleet over MQTT: encodes readings and names topics.
public final class MQTTLink: FleetLink {
  private let fleet: MQTTFleet
  public private(set) var published: Int64 = 0
  public private(set) var publishedBytes: Int64 = 0
  private let world: World
  private let template: TopicTemplate
  /// By profile: a fleet has many devices and few kinds of them.
  private let encoders: [EventEncoder]
  private let qos: [Int32]
  private let userProperties: UserPropertyTemplates
  /// Payload and topic of the message that is just being sent.
  private var payload = ByteBuffer()
  private var topic = ByteBuffer()

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
    template = TopicTemplate(transport.topic)
    encoders = world.fleet.profiles.map { EventEncoder(profile: $0) }
    qos = world.fleet.profiles.map { Int32($0.connection.qos) }
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
  public func cut(_ device: Int) { fleet.cut(device) }
  public func loseSession(_ device: Int) { fleet.loseSession(device) }
  public func disconnect(_ device: Int) { fleet.disconnect(device) }
  public func setFlow(_ flow: LinkFlow, of device: Int) { fleet.setFlow(flow, of: device) }

  public func publish(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Int32 {
    let identity = world.devices[device]
    let qos = qos[world.devices[connection].profile]
    payload.removeAll()
    encoders[identity.profile].encode(reading, of: identity, copy: copy, into: &payload)
    topic.removeAll()
    let sensor = Int(reading.sensor)
    template.append(device: identity, sensor: world.fleet.profiles[identity.profile].sensors[sensor], into: &topic)
    topic.append(UInt8(0))
    let user = userProperties.properties(of: identity, world.fleet.profiles[identity.profile], sensor: sensor)
    // Numbered by sensor; a gateway's members would share the numbers.
    let alias = device == connection && sensor < MQTTProperties.mostAliases ? sensor + 1 : 0
    let message = payload.withUnsafeBytes { bytes in
      topic.withUnsafeBytes { name in
        // The topic ends in a zero byte, so that it is never empty.
        name.withMemoryRebound(to: CChar.self) {
          fleet.publish(connection, topic: $0.baseAddress!, payload: bytes, qos: qos, alias: alias, user: user)
        }
      }
    }
    if message > 0 {
      published += 1
      publishedBytes += Int64(payload.count)
    }
    return message
  }
}
