import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

/// A reader of CBOR as far as it occurs here, written apart from the writer.
indirect enum Item: Equatable {
  case integer(Int64)
  case text(String)
  case number(Double)
  case null
  case map([(String, Item)])

  static func == (one: Item, other: Item) -> Bool { "\(one)" == "\(other)" }

  subscript(key: String) -> Item? {
    if case .map(let members) = self { members.first { $0.0 == key }?.1 } else { nil }
  }

  /// Nil when the bytes are not exactly one item.
  static func read(_ bytes: [UInt8]) -> Item? {
    var rest = bytes[...]
    guard let item = next(&rest), rest.isEmpty else { return nil }
    return item
  }

  private static func next(_ rest: inout ArraySlice<UInt8>) -> Item? {
    guard let head = rest.popFirst() else { return nil }
    let detail = head & 31
    guard detail < 28 else { return nil }
    let width = detail < 24 ? 0 : 1 << Int(detail - 24)
    guard rest.count >= width else { return nil }
    let argument = width == 0 ? UInt64(detail) : rest.prefix(width).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(width)
    switch head >> 5 {
    case 0: return .integer(Int64(argument))
    case 1: return .integer(-1 - Int64(argument))
    case 3:
      guard rest.count >= argument else { return nil }
      defer { rest = rest.dropFirst(Int(argument)) }
      return .text(String(decoding: rest.prefix(Int(argument)), as: UTF8.self))
    case 5:
      var members: [(String, Item)] = []
      for _ in 0..<argument {
        guard case .text(let key)? = next(&rest), let value = next(&rest) else { return nil }
        members.append((key, value))
      }
      return .map(members)
    case 7:
      switch detail {
      case 22: return .null
      case 25: return .number(Double(Float16(bitPattern: UInt16(argument))))
      case 26: return .number(Double(Float(bitPattern: UInt32(argument))))
      case 27: return .number(Double(bitPattern: argument))
      default: return nil
      }
    default: return nil
    }
  }

  /// Whether each map's keys stand in bytewise order of their encoding.
  var isOrdered: Bool {
    guard case .map(let members) = self else { return true }
    let keys = members.map { CBOR.text($0.0) }
    return zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) } && members.allSatisfy { $0.1.isOrdered }
  }
}

@Suite struct CBORTests {
  @Test func numbersAreAsShortAsTheyCanBe() {
    func bytes(_ body: (inout ByteCursor) -> Void) -> [UInt8] {
      var buffer = ByteBuffer()
      buffer.write(atMost: 32, body)
      return buffer.bytes
    }
    // RFC 8949, Appendix A.
    let integers: [(Int64, [UInt8])] = [
      (0, [0x00]), (23, [0x17]), (24, [0x18, 0x18]), (1000, [0x19, 0x03, 0xe8]), (1_000_000, [0x1a, 0x00, 0x0f, 0x42, 0x40]),
      (1_000_000_000_000, [0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00]), (-1, [0x20]), (-100, [0x38, 0x63]),
      (-1000, [0x39, 0x03, 0xe7]),
    ]
    for (number, expected) in integers { #expect(bytes { $0.put(integer: number) } == expected) }
    let numbers: [(Double, [UInt8])] = [
      (0, [0xf9, 0, 0]), (1.5, [0xf9, 0x3e, 0]), (65504, [0xf9, 0x7b, 0xff]), (100000, [0xfa, 0x47, 0xc3, 0x50, 0]),
      (1.1, [0xfb, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a]), (5.960464477539063e-8, [0xf9, 0, 1]), (.nan, [0xf9, 0x7e, 0]),
    ]
    for (number, expected) in numbers { #expect(bytes { $0.put(number: number) } == expected) }
  }

  @Test func theEventHasTheFieldsOfTheJSONEvent() throws {
    let item = try #require(Item.read(Example.codec(.cbor).bytes(Example.reading(), of: Example.device)))
    let expected = Item.map([
      ("unit", .text("W")), ("value", .number(1234.5)), ("source", .text("heliograph")), ("site_id", .text("site-01")),
      ("asset_id", .text("inv-0001")), ("event_id", .text("inv-0001:3:42")),
      ("metadata", .map([("seq", .integer(42)), ("boot", .integer(3)), ("firmware", .text("4.2.1"))])),
      ("sensor_id", .text("inv-0001.ac_power")), ("timestamp", .integer(1_767_225_600_123)), ("sensor_type", .text("POWER")),
      ("quality_flag", .text("GOOD")), ("schema_version", .integer(1)),
    ])
    #expect(item == expected && item.isOrdered)
  }

  @Test func brokenMessagesAreBrokenInTheirWayOnly() {
    let codec = Example.codec(.cbor, kinds: MalformedKind.allCases)
    func item(_ kind: Malformation, seq: Int64 = 42) -> Item? {
      Item.read(codec.bytes(Example.reading(0, kind, seq: seq), of: Example.device))
    }
    #expect(item(.truncated) == nil && item(.syntax) == nil && item(.syntax, seq: 43) == nil)
    #expect(item(.missingField)?["timestamp"] == nil && item(.missingField)?["value"] == .number(1234.5))
    #expect(item(.wrongType)?["value"] == .text("1234.5") && item(.null)?["value"] == .null)
    #expect(item(.notANumber)?["value"] == .number(.nan))
    #expect(item(.timestampFormat)?["timestamp"] == .text("2026-01-01T00:00:00.123Z"))
    #expect(item(.oversized)?["metadata"]?["padding"] == .text(String(repeating: "x", count: 20_000)))
    #expect(item(.wrongUnit)?["unit"] == .text("kW"))
    #expect(item(.unknownDevice)?["sensor_id"] == .text("unregistered-inv-0001.ac_power"))
    #expect(item(.unknownDevice)?["event_id"] == .text("unregistered-inv-0001:3:42"))
    #expect(item(.unknownDevice)?["asset_id"] == .text("unregistered-inv-0001"))
  }

  @Test(arguments: Shipped.names) func everyFleetReadsBack(name: String) throws {
    let world = try Shipped.world(name, payload: "{codec: cbor, shape: wide}")
    try Shipped.samples(world) { readings, device in
      let profile = world.profile(of: device)
      let identity = world.devices[device]
      let codec = Codecs.codec(of: profile)
      let wide = try #require(Item.read(codec.bytes(readings, of: identity)))
      #expect(wide.isOrdered && wide["asset_id"] == .text(identity.id))
      for reading in readings {
        let sensor = profile.sensors[Int(reading.sensor)]
        let whole = profile.appearance(of: Int(reading.sensor), version: Int(reading.version)).decimals == 0
        let value: Item = whole ? .integer(reading.value) : .number(Shipped.value(reading, profile))
        let narrow = try #require(Item.read(codec.bytes(reading, of: identity)))
        #expect(wide["values"]?[sensor.name] == value && wide["seqs"]?[sensor.name] == .integer(reading.sequence))
        #expect(narrow["value"] == value && narrow.isOrdered && narrow["sensor_id"] == .text(identity.sensorID(sensor)))
        #expect(narrow["timestamp"] == .integer(reading.timestamp) && narrow["quality_flag"] == .text(reading.quality.label))
      }
    }
  }
}
