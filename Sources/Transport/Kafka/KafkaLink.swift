import Firmware
import FleetSpec
import Payload
import Reactor
import World

/// A fleet's connections over a few shared Kafka producers, as gateways and bridges share them; no thread beyond librdkafka's own.
///
/// Kafka knows no connection of a device. Here it is the right to publish: it is given when the device's producer has a broker, and taken
/// when the producer has none left. What the device has not seen acknowledged is kept. After a connection that the *device* broke it is sent
/// again, in order, and reports about the first attempt are forgotten; after a broker that went away, librdkafka still has it and goes on.
public final class KafkaLink: FleetLink, ReadinessHandler {
  enum State: UInt8 {
    case idle
    case connecting
    case connected
  }

  struct Connection {
    var state = State.idle
    var flow = LinkFlow.open
    /// Goes up when what was handed to librdkafka counts no more; reports bear it.
    var epoch: UInt8 = 0
    var nextMessage: Int32 = 1
    /// Wall-clock milliseconds at which a connection attempt is given up.
    var deadline: Int64 = .max
    var unacknowledged = UnacknowledgedMessages()
    /// Acknowledgements that firmware shall not hear yet.
    var unread: [Int32] = []
    var isStalled = false
  }

  public var events: [LinkEvent] = []
  public internal(set) var connectedCount = 0
  public var isQuiet: Bool { connecting == 0 }
  public var now: Int64 = 0
  /// Messages that firmware handed over, repeats included; what is sent again after a reconnect is not.
  public private(set) var published: Int64 = 0
  public private(set) var publishedBytes: Int64 = 0
  /// Messages that a broker or librdkafka will never take, such as those beyond its size limit. They stay unconfirmed.
  public internal(set) var refused: Int64 = 0
  /// What the brokers have acknowledged and lost.
  public internal(set) var offsets = AcknowledgedOffsets()
  /// Whether the brokers have told, at the end, what they still have.
  public internal(set) var areEndsCompared = false
  /// Names of the topics in `offsets`.
  public internal(set) var topics: [String] = []

  /// Wall-clock milliseconds since 1970 at which `now` is 0; known at the end.
  var wallOrigin: Int64 = 0
  let world: World
  let settings: KafkaSettings
  var producers: [KafkaProducer] = []
  var wasUp: [Bool] = []
  var connections: [Connection]
  /// Those with messages that are to be handed to librdkafka once more, and found its queue full.
  var stalled: [Int32] = []
  var connecting = 0
  /// Each producer has handles of its own for the same topics.
  var topicHandles: [(handle: UInt, number: Int)] = []
  let reactor: Reactor
  private let cluster: KafkaMockCluster?
  private let composer: KafkaComposer
  private let keeps: [Bool]

  /// Starts the producers, and the cluster if it is embedded.
  /// - Throws: `KafkaError`, or `SecretError` when a secret is not where the fleet file says.
  public init(world: World, transport: KafkaTransport, reactor: Reactor) throws {
    var settings = try KafkaSettings(transport)
    if transport.brokers == .embedded {
      let cluster = try KafkaMockCluster()
      if !transport.topic.contains("{") { try cluster.createTopic(transport.topic, partitions: transport.partitions) }
      settings.embeddedBrokers = cluster.brokers
      self.cluster = cluster
    } else {
      cluster = nil
    }
    self.settings = settings
    self.world = world
    self.reactor = reactor
    composer = KafkaComposer(world: world, transport: transport)
    // Without acknowledgements the device does not wait, and there is nothing to send again.
    keeps = world.fleet.profiles.map { $0.connection.qos > 0 }
    connections = [Connection](repeating: Connection(), count: world.devices.count)
    let handler = reactor.add(handler: self)
    for index in 0..<transport.producers {
      let producer = try KafkaProducer(
        configuration: settings.configuration(), topic: composer.singleTopic, headers: transport.headers.map(\.name))
      producers.append(producer)
      wasUp.append(false)
      try reactor.watch(producer.descriptor, for: .read, handler: handler, token: index)
    }
  }

  /// Key and payload of a reading as a link would send it.
  public static func message(
    _ reading: Reading, of device: Int, in world: World, _ transport: KafkaTransport
  ) -> (key: String, value: String) {
    KafkaComposer(world: world, transport: transport).text(reading, of: device)
  }

  public var announcement: String? {
    settings.embeddedBrokers.map { "kafka        \($0)  look with: kcat -C -b \($0) -t \(settings.transport.topic)" }
  }

  public var facts: [(key: String, value: String)] {
    let losses = offsets.losses.map {
      "\(topics[$0.topic]) \($0.partition) \($0.from) \($0.through) \(wallOrigin + $0.firstAcknowledged) \(wallOrigin + $0.lastAcknowledged)"
    }
    return [
      ("kafka_refused", String(refused)), ("kafka_ends_compared", areEndsCompared ? "1" : "0"),
      ("broker_losses", losses.joined(separator: ";")),
    ]
  }

  func producer(of connection: Int) -> Int { connection % producers.count }

  public func connect(_ device: Int) {
    guard connections[device].state == .idle else { return }
    connections[device].state = .connecting
    connecting += 1
    connections[device].deadline = now + world.profile(of: device).connection.connectTimeout
    if producers[producer(of: device)].isUp { open(device) }
  }

  public func publish(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Int32 {
    guard connections[connection].state == .connected, connections[connection].unacknowledged.unsent == 0 else { return 0 }
    let message = connections[connection].nextMessage
    let entry = UnacknowledgedMessage(message: message, source: Int32(device), copy: Int32(copy), reading: reading)
    switch hand(entry, over: connection) {
    case .full: return 0
    case .taken: keep(entry, connection, isSent: true)
    case .refused(let code):
      guard KafkaFailure.isForGood(code) else {
        // It counts as taken: it is kept, and goes out after the next connect.
        keep(entry, connection, isSent: false)
        breakOff(connection, .kafka(code, ""))
        break
      }
      refused += 1
    }
    connections[connection].nextMessage = message == .max ? 1 : message + 1
    published += 1
    publishedBytes += Int64(composer.payloadSize)
    return message
  }

  private func keep(_ entry: UnacknowledgedMessage, _ connection: Int, isSent: Bool) {
    if keeps[world.devices[connection].profile] { connections[connection].unacknowledged.append(entry, isSent: isSent) }
  }

  func hand(_ entry: UnacknowledgedMessage, over connection: Int) -> KafkaProducer.Outcome {
    let token = KafkaToken(connection: connection, epoch: connections[connection].epoch, message: entry.message)
    return composer.send(entry.reading, of: Int(entry.source), copy: Int(entry.copy), token: token, by: producers[producer(of: connection)])
  }

  public func cut(_ device: Int) { close(device, forgets: true) }

  public func loseSession(_ device: Int) {
    close(device, forgets: true)
    connections[device].unacknowledged.removeAll()
  }

  /// What is under way stays under way; nobody waits for it any more.
  public func disconnect(_ device: Int) { close(device, forgets: true) }

  public func setFlow(_ flow: LinkFlow, of device: Int) {
    guard connections[device].state == .connected else { return }
    connections[device].flow = flow
    if flow == .open { readUnread(device) }
  }

  public func ready(token: Int, readiness: Readiness) { drain(token) }

  public func housekeeping() {
    for index in producers.indices { drain(index) }
    resumeStalled()
    guard connecting > 0 else { return }
    for device in connections.indices where connections[device].state == .connecting && connections[device].deadline <= now {
      breakOff(device, failure(of: producer(of: device)))
    }
  }
}

/// What comes back with a message's report: connection (24 bits), epoch (8 bits) and message number (32 bits).
struct KafkaToken {
  let bits: UInt
  init(bits: UInt) { self.bits = bits }
  init(connection: Int, epoch: UInt8, message: Int32) {
    bits = UInt(connection) << 40 | UInt(epoch) << 32 | UInt(UInt32(bitPattern: message))
  }
  var connection: Int { Int(bits >> 40) }
  var epoch: UInt8 { UInt8(truncatingIfNeeded: bits >> 32) }
  var message: Int32 { Int32(bitPattern: UInt32(truncatingIfNeeded: bits)) }
}
