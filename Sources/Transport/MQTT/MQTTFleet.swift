import CMosquitto
import COpenSSL
import Firmware
import Glibc
import Payload
import Reactor

/// Thousands of MQTT clients on one event loop: one libmosquitto client and one descriptor per device, one shared TLS context, no thread.
///
/// Nothing here calls back: what the network did is queued in `events`, and the owner takes it from there, so that no call into this
/// class ever re-enters the caller.
public final class MQTTFleet: ReadinessHandler {
  enum State: UInt8 {
    case idle
    /// Waits for one of the places of `concurrentConnects`.
    case queued
    case connecting
    case connected
  }

  struct Client {
    var mosquitto: OpaquePointer?
    /// Wall-clock milliseconds at which a connection attempt is given up.
    var deadline: Int64 = .max
    /// When the device last changed its broker.
    var movedAt: Int64 = 0
    /// Which topics the broker knows by their alias on this connection, a bit for each.
    var aliases: UInt64 = 0
    /// How many the broker allows.
    var aliasLimit: UInt16 = 0
    var descriptor: Int32 = -1
    /// The code of a CONNACK that refused, or of a DISCONNECT; or 0.
    var refusal: Int32 = 0
    var state = State.idle
    var watchesWrite = false
    /// Whether the library knows the address, and may be told to reconnect.
    var isAimed = false
    var flow = LinkFlow.open
    /// Index into the configuration's brokers.
    var broker: UInt8 = 0
  }

  /// What the C callbacks are given. Lives at a fixed address as long as the fleet does.
  struct Context {
    var fleet: Unmanaged<MQTTFleet>
    var device: Int32
  }

  /// What happened since the owner last emptied this.
  public var events: [LinkEvent] = []
  /// Devices that are connected now.
  public internal(set) var connectedCount = 0
  /// MQTT 5: acknowledgements in which the broker said that nobody had subscribed.
  public internal(set) var unheard: Int64 = 0
  /// True while no connection attempt is under way or waits for its turn.
  public var isQuiet: Bool { connecting == 0 && waitingHead == waiting.count }
  /// Wall-clock milliseconds from any fixed origin; the owner keeps it current.
  public var now: Int64 = 0

  let configuration: MQTTConfiguration
  let devices: [MQTTDevice]
  let brokers: [MQTTConfiguration.Broker]
  /// Of each broker, as a literal.
  let addresses: [String]
  let reactor: Reactor
  let tls: TLSContext?
  let handshakes: Handshakes?
  let properties: MQTTProperties
  var clients: [Client]
  var contexts: UnsafeMutablePointer<Context>
  var handler = 0
  var waiting: [Int32] = []
  var waitingHead = 0
  var connecting = 0
  var isAdmitting = false
  var sweep = 0
  /// Who speaks for sessions beyond readings, if anybody does.
  weak var session: (any SessionMessages)?
  /// The numbers of readings that share messages; nil when none do.
  var numbers: GroupNumbers?
  /// The number of the last message that was not sent because the broker would not take it.
  private var refused: Int32 = 65_535
  /// Devices that are connected to each broker.
  var connectedTo: [Int]
  /// When one device tries whether the first broker is there again.
  var nextScout: Int64 = 0

  /// - Throws: `MQTTFleetError` when a host is unknown or the TLS files cannot be used.
  public init(configuration: MQTTConfiguration, devices: [MQTTDevice], reactor: Reactor) throws {
    mosquitto_lib_init()
    Self.reserveDescriptors(devices.count + 64)
    brokers = configuration.brokers
    addresses = try brokers.map { broker in
      guard let address = HostAddress.resolve(broker.host) else {
        throw MQTTFleetError(description: "the broker's host name '\(broker.host)' cannot be resolved")
      }
      return address
    }
    connectedTo = Array(repeating: 0, count: brokers.count)
    self.configuration = configuration
    self.devices = devices
    self.reactor = reactor
    properties = MQTTProperties(configuration)
    if let settings = configuration.tls {
      let handshakes = Handshakes(
        folder: settings.deviceCertificates, deviceIDs: devices.map(\.certificate), serverNames: brokers.map(\.serverName),
        resumesSessions: settings.resumesSessions)
      self.handshakes = handshakes
      tls = try TLSContext(settings, serverName: settings.serverName, handshakes: handshakes)
    } else {
      handshakes = nil
      tls = nil
    }
    clients = [Client](repeating: Client(), count: devices.count)
    contexts = .allocate(capacity: devices.count)
    handler = reactor.add(handler: self)
    let unmanaged = Unmanaged.passUnretained(self)
    for device in devices.indices {
      (contexts + device).initialize(to: Context(fleet: unmanaged, device: Int32(device)))
    }
  }

  /// Lets the kernel grow the table of descriptors now. When it has to grow within a process of several threads, at 256, 512, 1,024 and
  /// so on, `socket` waits for an RCU grace period: about 10 ms in which the loop would stand still.
  private static func reserveDescriptors(_ count: Int) {
    let highest = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, Int32(clamping: count))
    if highest >= 0 { Glibc.close(highest) }
  }

  deinit {
    for client in clients { if let mosquitto = client.mosquitto { mosquitto_destroy(mosquitto) } }
    contexts.deallocate()
  }

  /// Starts a connection attempt, or queues it when too many are under way.
  public func connect(_ device: Int) {
    guard clients[device].state == .idle else { return }
    guard connecting < configuration.concurrentConnects else {
      clients[device].state = .queued
      waiting.append(Int32(device))
      return
    }
    begin(device)
  }

  public func isConnected(_ device: Int) -> Bool { clients[device].state == .connected }

  /// Sends a message over an open connection.
  /// - Parameters:
  ///   - alias: 1...64, the same for the same topic of the same device; 0 for a topic without an alias.
  ///   - user: MQTT 5 user properties of this message, or nil.
  /// - Returns: its number, above 0; or 0 when the device is not connected.
  public func publish(
    _ device: Int, topic: UnsafePointer<CChar>, payload: UnsafeRawBufferPointer, qos: Int32, alias: Int = 0, user: MQTTUserProperties? = nil
  ) -> Int32 {
    guard clients[device].state == .connected, let mosquitto = clients[device].mosquitto else { return 0 }
    var message: Int32 = 0
    var name: UnsafePointer<CChar>? = topic
    var list = user?.list ?? properties.plain
    // Only at QoS 0: what the library sends again after a reconnect bears no topic, and the broker has forgotten the alias.
    if alias > 0, qos == 0, user == nil, let aliased = properties.aliased(alias, limit: clients[device].aliasLimit) {
      list = aliased
      let bit = UInt64(1) << UInt64(alias - 1)
      if clients[device].aliases & bit != 0 { name = nil }
      clients[device].aliases |= bit
    }
    let result = mosquitto_publish_v5(mosquitto, &message, name, Int32(payload.count), payload.baseAddress, qos, false, list)
    switch result {
    case Int32(MOSQ_ERR_SUCCESS.rawValue): watch(device)
    case Int32(MOSQ_ERR_NO_CONN.rawValue), Int32(MOSQ_ERR_CONN_LOST.rawValue), Int32(MOSQ_ERR_ERRNO.rawValue), Int32(MOSQ_ERR_TLS.rawValue):
      // The library keeps the message and sends it after the next connect: it counts as taken.
      drop(device, .closed)
    case Int32(MOSQ_ERR_OVERSIZE_PACKET.rawValue): return refuse(device, code: 0x95)
    case Int32(MOSQ_ERR_QOS_NOT_SUPPORTED.rawValue): return refuse(device, code: 0x9B)
    default: return 0
    }
    return message
  }

  /// The broker has said in CONNACK that it does not take such a message; trying it again would never end. Numbers of packets end at 65,535.
  private func refuse(_ device: Int, code: Int32) -> Int32 {
    refused = refused == .max ? 65_536 : refused + 1
    events.append(LinkEvent(kind: .rejected, device: Int32(device), message: refused, failure: .rejected(code)))
    return refused
  }

  /// Lets less or more through an open connection, until it is closed. Publishing is not allowed while the flow is `none`.
  ///
  /// A connection that is cut while it is not read loses what waits in its socket: acknowledgements that arrived never come.
  public func setFlow(_ flow: LinkFlow, of device: Int) {
    guard clients[device].state == .connected, clients[device].flow != flow else { return }
    let before = clients[device].flow
    clients[device].flow = flow
    let descriptor = clients[device].descriptor
    guard descriptor >= 0 else { return }
    if flow == .none {
      // The end of a connection is always reported for a watched descriptor, and must not be noticed here.
      reactor.forget(descriptor)
    } else if before == .none {
      clients[device].watchesWrite = true
      do {
        try reactor.watch(descriptor, for: flow == .open ? [.read, .write] : .write, handler: handler, token: device)
      } catch {
        drop(device, .closed)
      }
    } else {
      applyInterest(device)
    }
  }

  /// Breaks the connection without a goodbye; unacknowledged messages go out again after the next connect.
  public func cut(_ device: Int) {
    close(device)
  }

  /// Breaks the connection and forgets all messages that wait for an acknowledgement.
  public func loseSession(_ device: Int) {
    close(device)
    if let mosquitto = clients[device].mosquitto { mosquitto_destroy(mosquitto) }
    clients[device].mosquitto = nil
    clients[device].isAimed = false
    handshakes?.forgetSession(of: device)
  }

  /// Says goodbye, so that the last will is not published, and closes.
  public func disconnect(_ device: Int) {
    if clients[device].state == .connected, clients[device].flow != .none, let mosquitto = clients[device].mosquitto {
      session?.willDisconnect(device)
      mosquitto_disconnect(mosquitto)
    }
    close(device)
  }

  /// Keepalives, connection time-outs and the way back to the first broker; to be called about every 100 ms.
  public func housekeeping() {
    // A tenth of the fleet at a time: each client is looked at once a second.
    let slice = (clients.count + 9) / 10
    for _ in 0..<min(slice, clients.count) {
      let device = sweep
      sweep = (sweep + 1) % clients.count
      // On a dead link no PINGREQ gets out; its firmware notices the silence.
      guard clients[device].state == .connected, clients[device].flow != .none, let mosquitto = clients[device].mosquitto else { continue }
      if mosquitto_loop_misc(mosquitto) != Int32(MOSQ_ERR_SUCCESS.rawValue) {
        drop(device, .closed)
      } else if clients[device].broker != 0 {
        moveBackIfDue(device)
      }
    }
    guard connecting > 0 else { return }
    for device in clients.indices where clients[device].state == .connecting && clients[device].deadline <= now {
      drop(device, .timedOut)
    }
  }
}

/// The fleet's transport could not be set up.
public struct MQTTFleetError: Error, CustomStringConvertible {
  public let description: String
}
