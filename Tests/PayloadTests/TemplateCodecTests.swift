import Foundation
import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

@Suite struct TemplateCodecTests {
  static let narrow = """
    { "id": "{event_id}",
      "at": {timestamp}, "t": ["{timestamp_iso}", {timestamp_s}, {timestamp_us}, {timestamp_ns}],
      "{sensor}": { "v": {value}, "u": "{unit}", "q": "{quality}", "kind": "{sensor_type}", "e": "{encoding}" },
      "who": "{site_id}/{device_id}/{asset_id}/{sensor_id}", "fw": "{firmware} {boot}/{seq}", "ok": true, "n": -1.5e3, "x": null, "y": {} }
    """

  static func codec(_ template: String, _ shape: PayloadFormat.Shape = .narrow, kinds: [MalformedKind] = []) throws -> any Codec {
    Codecs.codec(of: Example.profile(PayloadFormat(shape: shape, template: try JSONTemplate(template)), kinds: kinds))
  }

  static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  @Test func everyPlaceholderIsPrintedWhereItStands() throws {
    let codec = try Self.codec(Self.narrow)
    let first =
      #"{"id":"inv-0001:3:42","at":1767225600123,"t":["2026-01-01T00:00:00.123Z",1767225600,1767225600123000,1767225600123000000],"#
      + #""ac_power":{"v":1234.5,"u":"W","q":"GOOD","kind":"POWER","e":"absolute"},"#
      + #""who":"site-01/inv-0001/inv-0001/inv-0001.ac_power","fw":"4.2.1 3/42","ok":true,"n":-1.5e3,"x":null,"y":{}}"#
    #expect(codec.text(Example.reading()) == first)
    #expect(codec.text(Example.reading(), copy: 1) == first.replacingOccurrences(of: ":42\"", with: ":42:r1\""))
    #expect(codec.text(Example.reading(1)).contains(#""cabinet_temperature":{"v":123.45,"u":"°C""#))
  }

  @Test func wideMessagesHaveObjectsOfAllSensors() throws {
    let codec = try Self.codec(#"{"d":"{device_id}","ts":{timestamp},"v":{values},"q":{qualities},"seqs":{seqs}}"#, .wide)
    #expect(
      codec.text(Example.sample)
        == #"{"d":"inv-0001","ts":1767225600123,"v":{"ac_power":1234.5,"cabinet_temperature":-7.25,"energy":98765},"#
        + #""q":{"ac_power":"GOOD","cabinet_temperature":"UNCERTAIN","energy":"GOOD"},"#
        + #""seqs":{"ac_power":42,"cabinet_temperature":43,"energy":44}}"#)
    #expect(codec.text(Example.reading(1)).contains(#""v":{"cabinet_temperature":123.45}"#))
  }

  @Test func theWideEventIsExactlyAsAgreed() {
    #expect(
      Example.codec(.json).text(Example.sample)
        == #"{"event_id":"inv-0001:3:42","timestamp":1767225600123,"site_id":"site-01","asset_id":"inv-0001","#
        + #""values":{"ac_power":1234.5,"cabinet_temperature":-7.25,"energy":98765},"#
        + #""units":{"ac_power":"W","cabinet_temperature":"°C","energy":"Wh"},"#
        + #""quality_flags":{"ac_power":"GOOD","cabinet_temperature":"UNCERTAIN","energy":"GOOD"},"#
        + #""sensor_types":{"ac_power":"POWER","cabinet_temperature":"TEMPERATURE","energy":"ENERGY"},"#
        + #""seqs":{"ac_power":42,"cabinet_temperature":43,"energy":44},"metadata":{"boot":3,"firmware":"4.2.1"},"#
        + #""source":"heliograph","schema_version":2}"#)
  }

  @Test func theStandardIsTheTelemetryEvent() {
    for kind in Malformation.allCases {
      for seq in [42, 43] as [Int64] {
        let profile = Example.profile(kinds: MalformedKind.allCases)
        let reading = Example.reading(0, kind, seq: seq)
        var event = ByteBuffer()
        EventEncoder(profile: profile).encode(reading, of: Example.device, into: &event)
        #expect(Codecs.codec(of: profile).bytes(reading, of: Example.device) == event.bytes)
      }
    }
  }

  /// Each kind of broken message is broken in its way and in no other.
  @Test func brokenMessagesAreBrokenInTheirWayOnly() throws {
    let template = #"{"id":"{device_id}","n":{"ts":{timestamp},"unit":"{unit}"},"v":{value}}"#
    let codec = try Self.codec(template, kinds: MalformedKind.allCases)
    let whole = codec.text(Example.reading())
    func text(_ kind: Malformation, seq: Int64 = 42) -> String { codec.text(Example.reading(0, kind, seq: seq)) }
    func changed(_ old: String, _ new: String) -> String { whole.replacingOccurrences(of: old, with: new) }
    #expect(whole == #"{"id":"inv-0001","n":{"ts":1767225600123,"unit":"W"},"v":1234.5}"#)
    #expect(text(.truncated) == String(whole.prefix(whole.utf8.count * 60 / 100)))
    #expect(text(.missingField) == changed("\"ts\":1767225600123,", ""))
    #expect(text(.wrongType) == changed("1234.5", "\"1234.5\""))
    #expect(text(.notANumber) == changed("1234.5", "NaN"))
    #expect(text(.null) == changed("1234.5", "null"))
    #expect(text(.syntax) + "}" == whole)
    #expect(text(.syntax, seq: 43) == changed("v\":", "v:"))
    #expect(text(.timestampFormat) == changed("1767225600123", "\"2026-01-01T00:00:00.123Z\""))
    #expect(text(.oversized) == changed("{\"id", "{\"padding\":\"\(String(repeating: "x", count: 20_000))\",\"id"))
    #expect(text(.wrongUnit) == changed("\"W\"", "\"kW\""))
    #expect(text(.outOfRange) == whole)
    #expect(text(.unknownDevice) == changed("inv-0001", "unregistered-inv-0001"))
  }

  @Test func textIsEscapedInTemplates() throws {
    let device = DeviceIdentity(id: "a\"b\\c\n\u{1}ü", site: 0, siteID: "s\t", group: 0, profile: 0)
    let codec = try Self.codec(#"{"d":"{device_id}","s":"{site_id}","v":{value},"e":"\u00e9\n"}"#)
    let object = Self.object(codec.text(Example.reading(), of: device))
    #expect(object?["d"] as? String == device.id && object?["s"] as? String == "s\t" && object?["e"] as? String == "é\n")
  }

  @Test(arguments: Shipped.names, 1..<3) func everyFleetParses(name: String, seed: Int) throws {
    let world = try Shipped.world(name, seed: seed, payload: "{shape: wide}")
    try Shipped.samples(world) { readings, device in
      let profile = world.profile(of: device)
      let codec = Codecs.codec(of: profile)
      let object = try #require(Self.object(String(decoding: codec.bytes(readings, of: world.devices[device]), as: UTF8.self)))
      let values = try #require(object["values"] as? [String: Double])
      let sequences = try #require(object["seqs"] as? [String: Int64])
      #expect(values.count == readings.count && object["timestamp"] as? Int64 == readings[0].timestamp)
      for reading in readings {
        let sensor = profile.sensors[Int(reading.sensor)].name
        #expect(values[sensor] == Shipped.value(reading, profile) && sequences[sensor] == reading.sequence)
      }
    }
  }
}
