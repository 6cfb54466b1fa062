import Foundation
import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

@Suite struct EventEncoderTests {
  static let profile = Fleets.profile(
    sensors: [
      Fleets.sensor(.acPower, .power, "W", decimals: 1, 0...9000),
      Fleets.sensor(.ambientTemperature, .temperature, "°C", decimals: 3, -9...9),
      Fleets.sensor(.energyTotal, .energy, "Wh", decimals: 0, 0...1e12),
    ])
  static let device = DeviceIdentity(id: "inv-0001", site: 0, siteID: "site-01", group: 0, profile: 0)

  static func reading(
    sensor: Int32 = 0, value: Int64 = 12_345, quality: Quality = .good, malformation: Malformation = .none
  ) -> Reading {
    Reading(
      boot: 3, sensor: sensor, seq: 42, timestamp: 1_767_225_600_123, trueTime: 1_767_225_600_000, value: value, quality: quality,
      malformation: malformation)
  }

  static func encode(_ reading: Reading, device: DeviceIdentity = device, profile: FirmwareProfile = profile) -> String {
    var buffer = ByteBuffer()
    EventEncoder(device: device, profile: profile).encode(reading, into: &buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  static func parse(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  @Test func theEventIsExactlyAsAgreed() {
    #expect(
      EventEncoderTests.encode(EventEncoderTests.reading())
        == #"{"event_id":"inv-0001:3:42","timestamp":1767225600123,"site_id":"site-01","asset_id":"inv-0001","sensor_type":"POWER","#
        + #""sensor_id":"inv-0001.ac_power","value":1234.5,"unit":"W","quality_flag":"GOOD","#
        + #""metadata":{"boot":3,"seq":42,"firmware":"4.2.1"},"source":"heliograph","schema_version":1}"#)
  }

  @Test func everyReadingOfAFleetParsesAndKeepsItsValue() {
    var fleet = Fleets.troubled()
    for index in fleet.profiles.indices { fleet.profiles[index].faults.malformed = 0 }
    let world = World(fleet: fleet, start: Fleets.start)
    for device in world.devices.indices {
      let profile = world.profile(of: device)
      for reading in DeviceStreamTests.readings(world, device: device, until: Fleets.start + Fleets.hour * 2) {
        let text = EventEncoderTests.encode(reading, device: world.devices[device], profile: profile)
        let event = EventEncoderTests.parse(text)
        let sensor = profile.sensors[Int(reading.sensor)]
        var scale = 1.0
        for _ in 0..<sensor.decimals { scale *= 10 }
        #expect((event?["value"] as? Double).map { Int64(($0 * scale).rounded()) } == reading.value)
        #expect(event?["timestamp"] as? Int64 == reading.timestamp)
        #expect(event?["sensor_id"] as? String == world.devices[device].id + "." + sensor.name)
        #expect(event?["quality_flag"] as? String == reading.quality.label)
        #expect(event?["event_id"] as? String == "\(world.devices[device].id):\(reading.boot):\(reading.seq)")
        #expect((event?["metadata"] as? [String: Any])?["seq"] as? Int64 == reading.seq)
      }
    }
  }

  @Test func malformedEventsAreBrokenInTheirWayOnly() {
    let whole = EventEncoderTests.encode(EventEncoderTests.reading())
    let truncated = EventEncoderTests.encode(EventEncoderTests.reading(malformation: .truncated))
    #expect(EventEncoderTests.parse(truncated) == nil)
    #expect(truncated.utf8.count == whole.utf8.count * 60 / 100 && whole.hasPrefix(truncated))

    let missing = EventEncoderTests.encode(EventEncoderTests.reading(malformation: .missingField))
    let fields = EventEncoderTests.parse(missing)
    #expect(fields?.count == 11 && fields?["timestamp"] == nil && fields?["value"] as? Double == 1234.5)

    let wrong = EventEncoderTests.encode(EventEncoderTests.reading(malformation: .wrongType))
    #expect(EventEncoderTests.parse(wrong)?["value"] as? String == "1234.5")

    let notANumber = EventEncoderTests.encode(EventEncoderTests.reading(malformation: .notANumber))
    #expect(EventEncoderTests.parse(notANumber) == nil)
    #expect(notANumber.contains("\"value\":NaN,"))
  }

  @Test func furtherKindsOfMalformedEvents() throws {
    func encode(_ kind: Malformation, seq: Int64 = 42) -> String {
      var reading = EventEncoderTests.reading(malformation: kind)
      reading.seq = seq
      var profile = EventEncoderTests.profile
      profile.faults.malformedKinds = MalformedKind.allCases.map { MalformedWeight($0, 1) }
      profile.faults.oversize = 20_000
      return EventEncoderTests.encode(reading, profile: profile)
    }
    let whole = EventEncoderTests.encode(EventEncoderTests.reading())
    #expect(encode(.none) == whole)
    #expect(EventEncoderTests.parse(encode(.null))?["value"] is NSNull)
    for seq in [42, 43] as [Int64] { #expect(EventEncoderTests.parse(encode(.syntax, seq: seq)) == nil) }
    #expect(encode(.syntax, seq: 42) + "}" == whole)
    #expect(EventEncoderTests.parse(encode(.timestampFormat))?["timestamp"] as? String == "2026-01-01T00:00:00.123Z")
    let padded = try #require(EventEncoderTests.parse(encode(.oversized)))
    #expect(((padded["metadata"] as? [String: Any])?["padding"] as? String)?.count == 20_000 && padded.count == 12)
    #expect(encode(.wrongUnit) == whole.replacingOccurrences(of: "\"unit\":\"W\"", with: "\"unit\":\"kW\""))
    #expect(encode(.outOfRange) == whole)
    #expect(encode(.unknownDevice) == whole.replacingOccurrences(of: "inv-0001", with: "unregistered-inv-0001"))
  }

  @Test func instantsAreWrittenAsISO8601HasThem() {
    for instant in [0, -1, 951_782_400_000, 1_709_251_199_999, 4_102_444_800_000, 253_402_300_799_999] as [Int64] {
      var buffer = ByteBuffer()
      buffer.write(atMost: ByteCursor.digitRoom * 8) { $0.put(instant: instant) }
      let formatter = ISO8601DateFormatter()
      formatter.formatOptions = [.withInternetDateTime]
      let text = String(decoding: buffer.bytes, as: UTF8.self)
      let seconds = (instant < 0 ? instant - 999 : instant) / 1000
      let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds))).dropLast()
      #expect(text.hasPrefix(expected) && text.hasSuffix("\(String(1000 + (instant - seconds * 1000)).dropFirst())Z"), "\(text)")
    }
  }

  @Test func versionsOfTheFirmwareStateTheirOwnUnitsAndNames() {
    var profile = EventEncoderTests.profile
    profile.laterVersions = [
      FirmwareVersion(firmware: "5.0", interval: 1000, sensorOverrides: [0: SensorOverride(unit: "kW", label: "kW", decimals: 3)]),
      FirmwareVersion(firmware: "5.1", interval: 1000, sensorOverrides: [0: SensorOverride(unit: "kW", label: "W", decimals: 3)]),
    ]
    var reading = EventEncoderTests.reading()
    let first = EventEncoderTests.encode(reading, profile: profile)
    #expect(first == EventEncoderTests.encode(reading))
    reading.version = 1
    let second = EventEncoderTests.encode(reading, profile: profile)
    #expect(second.contains("\"value\":12.345,\"unit\":\"kW\"") && second.contains("\"firmware\":\"5.0\""))
    reading.version = 2
    let third = EventEncoderTests.encode(reading, profile: profile)
    #expect(third.contains("\"value\":12.345,\"unit\":\"W\"") && third.contains("\"firmware\":\"5.1\""))
  }

  @Test func aRepeatUnderANewIDDiffersInNothingElse() {
    var buffer = ByteBuffer()
    EventEncoder(profile: EventEncoderTests.profile)
      .encode(EventEncoderTests.reading(), of: EventEncoderTests.device, copy: 1, into: &buffer)
    let text = String(decoding: buffer.bytes, as: UTF8.self)
    let own = EventEncoderTests.encode(EventEncoderTests.reading())
    #expect(text == own.replacingOccurrences(of: "inv-0001:3:42\"", with: "inv-0001:3:42:r1\"") && text != own)
  }

  @Test func textIsEscaped() {
    let device = DeviceIdentity(id: "a\"b\\c\n\u{1}ü", site: 0, siteID: "s", group: 0, profile: 0)
    let text = EventEncoderTests.encode(EventEncoderTests.reading(sensor: 1, value: -7), device: device)
    let event = EventEncoderTests.parse(text)
    #expect(event?["asset_id"] as? String == device.id)
    #expect(event?["unit"] as? String == "°C")
    #expect(event?["value"] as? Double == -0.007)
  }

  @Test func eventsAreAppended() {
    var buffer = ByteBuffer()
    buffer.append("x")
    EventEncoder(device: EventEncoderTests.device, profile: EventEncoderTests.profile)
      .encode(EventEncoderTests.reading(malformation: .truncated), into: &buffer)
    let whole = EventEncoderTests.encode(EventEncoderTests.reading())
    #expect(buffer.count == 1 + whole.utf8.count * 60 / 100)
  }
}
