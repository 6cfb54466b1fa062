import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

/// A Sparkplug payload, read field by field.
struct Decoded {
  struct Metric: Equatable {
    var name: String?
    var alias: UInt64?
    var timestamp: UInt64?
    var type: UInt64?
    var isHistorical = false
    var isNull = false
    var whole: Int64?
    var number: Double?
    var text: String?
  }
  var timestamp: UInt64?
  var sequence: UInt64?
  var metrics: [Metric] = []

  init(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { message in
      var reader = ProtobufReader(message)
      while let field = reader.next() {
        switch field.number {
        case 1: timestamp = field.value
        case 2: if let bytes = field.bytes { metrics.append(Self.metric(bytes)) }
        case 3: sequence = field.value
        default: Issue.record("an unknown field \(field.number)")
        }
      }
    }
  }

  private static func metric(_ bytes: UnsafeRawBufferPointer) -> Metric {
    var metric = Metric()
    var reader = ProtobufReader(bytes)
    while let field = reader.next() {
      switch field.number {
      case 1: metric.name = field.bytes.map { String(decoding: $0, as: UTF8.self) }
      case 2: metric.alias = field.value
      case 3: metric.timestamp = field.value
      case 4: metric.type = field.value
      case 5: metric.isHistorical = field.value == 1
      case 7: metric.isNull = field.value == 1
      case 11: metric.whole = Int64(bitPattern: field.value)
      case 13: metric.number = Double(bitPattern: field.value)
      case 15: metric.text = field.bytes.map { String(decoding: $0, as: UTF8.self) }
      default: break
      }
    }
    return metric
  }
}

@Suite struct SparkplugTests {
  /// Messages of a fleet's nodes, with what was said so far.
  private struct Nodes {
    var nodes: SparkplugNodes
    let world: World

    init(_ name: String) throws {
      world = try Shipped.world(name, payload: "{codec: sparkplug, shape: wide}")
      nodes = try #require(SparkplugNodes(world))
    }

    mutating func births(_ connection: Int, isFirst: Bool = true, at time: Milliseconds = Shipped.start) -> [(topic: String, Decoded)] {
      var found: [(topic: String, Decoded)] = []
      nodes.births(of: connection, isFirst: isFirst, at: time) { topic, payload in
        found.append((String(decoding: topic.bytes.dropLast(), as: UTF8.self), Decoded(payload.bytes)))
      }
      return found
    }

    mutating func data(_ readings: [Reading], _ device: Int, _ connection: Int) -> (topic: String, payload: Decoded) {
      var (topic, payload) = (ByteBuffer(), ByteBuffer())
      readings.withUnsafeBufferPointer {
        nodes.data($0, of: device, over: connection, at: Shipped.start, topic: &topic, payload: &payload)
      }
      return (String(decoding: topic.bytes, as: UTF8.self), Decoded(payload.bytes))
    }

    func death(_ connection: Int) -> (topic: String, payload: Decoded) {
      var (topic, payload) = (ByteBuffer(), ByteBuffer())
      nodes.death(of: connection, at: Shipped.start, topic: &topic, payload: &payload)
      return (String(decoding: topic.bytes, as: UTF8.self), Decoded(payload.bytes))
    }

    func sample(_ device: Int) -> [Reading] {
      var stream = world.stream(device: device)
      stream.sample()
      return (0..<stream.readingCount).map { stream.reading($0) }
    }
  }

  @Test func aDeathBelongsToTheBirthOfItsSession() throws {
    var nodes = try Nodes("quickstart.yaml")
    for session in 0..<300 {
      nodes.nodes.begin(0)
      let death = nodes.death(0)
      let birth = nodes.births(0)[0].1
      #expect(death.topic == "spBv1.0/heliograph/NDEATH/\(nodes.world.devices[0].id)")
      #expect(death.payload.sequence == nil && death.payload.metrics.map(\.name) == ["bdSeq"])
      #expect(death.payload.metrics[0].whole == Int64(session % 256))
      #expect(birth.metrics.first { $0.name == "bdSeq" }?.whole == Int64(session % 256) && birth.sequence == 0)
    }
  }

  @Test func aDeviceWithAConnectionIsANode() throws {
    var nodes = try Nodes("quickstart.yaml")
    nodes.nodes.begin(0)
    let births = nodes.births(0)
    let sensors = nodes.world.profile(of: 0).sensors
    #expect(births.map(\.topic) == ["spBv1.0/heliograph/NBIRTH/\(nodes.world.devices[0].id)"])
    let metrics = births[0].1.metrics.filter { $0.alias != nil }
    #expect(metrics.map(\.name) == sensors.map(\.name) && metrics.allSatisfy { $0.isNull && ($0.type == 4 || $0.type == 10) })
    #expect(births[0].1.metrics.contains { $0.name == "Node Control/Rebirth" && $0.type == 11 })
    let readings = nodes.sample(0)
    for round in 1...600 {
      let data = nodes.data(readings, 0, 0)
      #expect(data.topic == "spBv1.0/heliograph/NDATA/\(nodes.world.devices[0].id)" && data.payload.sequence == UInt64(round % 256))
      #expect(data.payload.metrics.allSatisfy { $0.name == nil && $0.type == nil && $0.alias != nil })
    }
    #expect(nodes.births(0, isFirst: false)[0].1.sequence == 0 && nodes.data(readings, 0, 0).payload.sequence == 1)
  }

  @Test func aGatewayIsTheNodeOfItsDevices() throws {
    var nodes = try Nodes("mixed-iot.yaml")
    let gateway = try #require(nodes.world.devices.indices.first { nodes.world.members(ofConnection: $0).count > 2 })
    let members = nodes.world.members(ofConnection: gateway)
    nodes.nodes.begin(gateway)
    let births = nodes.births(gateway)
    let node = "heliograph/NBIRTH/\(nodes.world.devices[gateway].id)"
    #expect(births[0].topic == "spBv1.0/\(node)" && births.count == members.filter { $0 != gateway }.count + 1)
    #expect(births.map { $0.1.sequence } == births.indices.map { UInt64($0 % 256) })
    let aliases = births.flatMap { $0.1.metrics.compactMap(\.alias) }
    #expect(Set(aliases).count == aliases.count, "an alias means one metric of the node")
    let member = try #require(members.first { $0 != gateway })
    let data = nodes.data(nodes.sample(member), member, gateway)
    #expect(data.topic == "spBv1.0/heliograph/DDATA/\(nodes.world.devices[gateway].id)/\(nodes.world.devices[member].id)")
    #expect(data.payload.sequence == UInt64(births.count % 256))
  }

  @Test func whatWasMeasuredBeforeIsHistorical() throws {
    var nodes = try Nodes("quickstart.yaml")
    nodes.nodes.begin(0)
    _ = nodes.births(0, at: Shipped.start + 60_000)
    var reading = nodes.sample(0)[0]
    func isHistorical(_ time: Milliseconds) -> Bool {
      reading.trueTime = time
      return nodes.data([reading], 0, 0).payload.metrics[0].isHistorical
    }
    #expect(isHistorical(Shipped.start + 59_999) && !isHistorical(Shipped.start + 60_000))
    #expect(!isHistorical(Shipped.start + 90_000) && isHistorical(Shipped.start + 80_000))
    _ = nodes.births(0, isFirst: false, at: Shipped.start + 100_000)
    #expect(!isHistorical(Shipped.start + 95_000), "a rebirth makes nothing old")
  }

  @Test func anUnknownDeviceHasATopicOfItsOwn() throws {
    var nodes = try Nodes("quickstart.yaml")
    nodes.nodes.begin(0)
    _ = nodes.births(0)
    var reading = nodes.sample(0)[0]
    reading.malformation = .unknownDevice
    #expect(nodes.data([reading], 0, 0).topic.hasSuffix("/NDATA/unregistered-\(nodes.world.devices[0].id)"))
    reading.malformation = .null
    let data = nodes.data([reading], 0, 0)
    #expect(data.payload.sequence == 1 && data.payload.metrics[0].isNull, "the node's own sequence has no gap")
  }

  @Test(arguments: Shipped.names) func everyFleetReadsBack(name: String) throws {
    var nodes = try Nodes(name)
    let world = nodes.world
    Shipped.samples(world) { readings, device in
      let profile = world.profile(of: device)
      let connection = world.devices[device].gateway >= 0 ? world.devices[device].gateway : device
      nodes.nodes.begin(connection)
      _ = nodes.births(connection)
      let data = nodes.data(readings, device, connection).payload
      #expect(data.metrics.count == readings.count)
      for (metric, reading) in zip(data.metrics, readings) {
        #expect(metric.timestamp == UInt64(reading.timestamp))
        #expect(metric.number ?? Double(metric.whole ?? .min) == Shipped.value(reading, profile))
      }
    }
  }
}
