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
  /// Payload and topic of the message that is just being sent.
  private var payload = ByteBuffer()
  private var topic = ByteBuffer()

  /// - Parameters:
  ///   - world: whose devices connect.
  ///   - password: of the user, if there is one.
  /// - Throws: `MQTTFleetError` when the host is unknown or the TLS files cannot be used.
  public init(_ transport: MQTTTransport, password: String?, world: World, reactor: Reactor) throws {
    fleet = try MQTTFleet(
      configuration: MQTTConfiguration(transport, password: password), devices: Self.devices(world, statusTopic: transport.statusTopic),
      reactor: reactor)
    self.world = world
    template = TopicTemplate(transport.topic)
    encoders = world.fleet.profiles.map { EventEncoder(profile: $0) }
    qos = world.fleet.profiles.map { Int32($0.connection.qos) }
  }

  private static func devices(_ world: World, statusTopic: String) -> [MQTTDevice] {
    world.devices.indices.map { index in
      let device = world.devices[index]
      let connection = world.profile(of: index).connection
      let topic = statusTopic.replacing("{site_id}", with: device.siteID).replacing("{device_id}", with: device.id)
      return MQTTDevice(
        id: world.clientID(of: index), keepaliveSeconds: Int32(connection.keepalive / 1_000), connectTimeout: connection.connectTimeout,
        inflight: Int32(connection.inflight), statusTopic: connection.lastWill && !device.isSecondLink ? topic : nil,
        certificate: device.id, cleanSession: connection.session == .clean)
    }
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
