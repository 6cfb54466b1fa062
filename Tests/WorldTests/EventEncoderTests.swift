import Foundation
import Payload
import Testing

@testable import FleetSpec
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
