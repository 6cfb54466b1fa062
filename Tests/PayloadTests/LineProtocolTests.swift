import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

@Suite struct LineProtocolTests {
  static let whole =
    #"sensor_readings,site_id=site-01,asset_id=inv-0001,sensor_type=POWER,sensor_id=inv-0001.ac_power,unit=W,quality_flag=GOOD "#
    + #"value=1234.5,event_id="inv-0001:3:42",boot=3i,seq=42i,firmware="4.2.1" 1767225600123000000"# + "\n"

  @Test func aReadingIsALine() {
    let codec = Example.codec(.lineProtocol)
    #expect(codec.text(Example.reading()) == Self.whole)
    #expect(codec.text(Example.reading(), copy: 1) == Self.whole.replacing("3:42\"", with: "3:42:r1\""))
    #expect(
      codec.text(Example.sample)
        == #"sensor_readings,site_id=site-01,asset_id=inv-0001 ac_power=1234.5,cabinet_temperature=-7.25,"#
        + #"cabinet_temperature_quality="UNCERTAIN",energy=98765,event_id="inv-0001:3:42",boot=3i,seq=42i,firmware="4.2.1" "#
        + "1767225600123000000\n")
  }

  @Test func whatWouldSeparateIsEscaped() {
    var profile = Example.profile(PayloadFormat(codec: .lineProtocol))
    profile.payload.measurement = "my, table"
    profile.sensors[0].unit = "k W=,\\"
    profile.firmware = "4 \"b\"\\"
    let device = DeviceIdentity(id: "a b", site: 0, siteID: "s=1,\n", group: 0, profile: 0)
    let text = Codecs.codec(of: profile).text(Example.reading(), of: device)
    #expect(
      text == #"my\,\ table,site_id=s\=1\,\ ,asset_id=a\ b,sensor_type=POWER,sensor_id=a\ b.ac_power,unit=k\ W\=\,\\,quality_flag=GOOD "#
        + #"value=1234.5,event_id="a b:3:42",boot=3i,seq=42i,firmware="4 \"b\"\\" 1767225600123000000"# + "\n")
    profile.sensors[0].unit = ""
    #expect(!Codecs.codec(of: profile).text(Example.reading()).contains("unit"))
  }

  @Test func brokenLinesAreBrokenInTheirWayOnly() {
    let codec = Example.codec(.lineProtocol, kinds: MalformedKind.allCases)
    func text(_ kind: Malformation, seq: Int64 = 42) -> String { codec.text(Example.reading(0, kind, seq: seq)) }
    func changed(_ old: String, _ new: String) -> String { Self.whole.replacing(old, with: new) }
    #expect(text(.truncated) == String(Self.whole.prefix(Self.whole.utf8.count * 60 / 100)))
    #expect(text(.missingField) == changed(" 1767225600123000000", ""))
    #expect(text(.wrongType) == changed("value=1234.5", "value=\"1234.5\""))
    #expect(text(.notANumber) == changed("1234.5", "NaN"))
    #expect(text(.null) == changed("value=1234.5,", ""))
    #expect(text(.syntax) == changed("GOOD value", "GOODvalue"))
    #expect(text(.syntax, seq: 43) == changed("4.2.1\"", "4.2.1").replacing("42", with: "43").replacing("4.3.1", with: "4.2.1"))
    #expect(text(.timestampFormat) == changed("1767225600123000000", "2026-01-01T00:00:00.123Z"))
    #expect(text(.oversized) == changed(",firmware", ",padding=\"\(String(repeating: "x", count: 20_000))\",firmware"))
    #expect(text(.wrongUnit) == changed("unit=W", "unit=kW"))
    #expect(text(.unknownDevice) == changed("inv-0001", "unregistered-inv-0001"))
  }
}
