import Foundation
import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

@Suite struct ByteBufferTests {
  static func text(_ body: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer()
    body(&buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345, -1, -10, Int64.max, Int64.min]) func integersArePrintedAsSwiftDoes(value: Int64) {
    #expect(ByteBufferTests.text { $0.append(value) } == String(value))
  }

  @Test func randomIntegersArePrintedAsSwiftDoes() {
    let stream = RandomStream(seed: 1, device: 1, stream: 1)
    for index in 0..<5000 as Range<UInt64> {
      let value = Int64(bitPattern: stream.bits(index)) >> Int64(index % 63)
      #expect(ByteBufferTests.text { $0.append(value) } == String(value))
    }
  }

  @Test func fixedPointHasExactlyItsDecimals() {
    #expect(ByteBufferTests.text { $0.append(12_345, decimals: 1) } == "1234.5")
    #expect(ByteBufferTests.text { $0.append(-5, decimals: 1) } == "-0.5")
    #expect(ByteBufferTests.text { $0.append(5, decimals: 6) } == "0.000005")
    #expect(ByteBufferTests.text { $0.append(0, decimals: 2) } == "0.00")
    #expect(ByteBufferTests.text { $0.append(-42, decimals: 0) } == "-42")
    #expect(ByteBufferTests.text { $0.append(Int64.min, decimals: 18) } == "-9.223372036854775808")
  }

  @Test func growsAndIsReused() {
    var buffer = ByteBuffer(capacity: 1)
    for number in 0..<1000 {
      buffer.append(number)
      buffer.append(UInt8(ascii: ","))
    }
    let expected = (0..<1000).map { "\($0)," }.joined()
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == expected)
    buffer.truncate(to: 4)
    buffer.append("end")
    buffer.append([33])
    buffer.append(string: "ü")
    #expect(buffer.withUnsafeBytes { Array($0) } == Array("0,1,end!ü".utf8))
    buffer.removeAll()
    #expect(buffer.isEmpty)
    buffer.append(1)
    buffer.removeAll(keepingCapacity: false)
    buffer.append(2)
    #expect(buffer.bytes == [50])
  }
}

@Suite struct TopicTemplateTests {
  static func topic(_ template: String) -> String {
    TopicTemplate(template).topic(device: EventEncoderTests.device, profile: EventEncoderTests.profile, sensor: 1)
  }

  @Test func placeholdersAreReplaced() {
    #expect(TopicTemplateTests.topic("telemetry/{site_id}/{asset_id}/{sensor_type}") == "telemetry/site-01/inv-0001/TEMPERATURE")
    #expect(TopicTemplateTests.topic("{device_id}/{sensor_id}/{sensor}") == "inv-0001/inv-0001.ambient_temperature/ambient_temperature")
    #expect(TopicTemplateTests.topic("plain") == "plain")
    #expect(TopicTemplateTests.topic("") == "")
  }

  @Test func otherBracesStay() {
    #expect(TopicTemplateTests.topic("a/{unknown}/{site_id") == "a/{unknown}/{site_id")
    #expect(TopicTemplateTests.topic("{{site_id}}") == "{site-01}")
  }
}

@Suite struct TraceWriterTests {
  static func line(_ reading: Reading, _ format: TraceWriter.Format, device: DeviceIdentity = EventEncoderTests.device) -> String {
    var buffer = ByteBuffer()
    TraceWriter.appendHeader(format, into: &buffer)
    TraceWriter(device: device, profile: EventEncoderTests.profile, format: format).write(reading, into: &buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  @Test func linesHaveTheAgreedFieldsInOrder() {
    let reading = EventEncoderTests.reading(quality: .outOfRange, malformation: .notANumber)
    #expect(
      TraceWriterTests.line(reading, .ndjson)
        == #"{"device_id":"inv-0001","site_id":"site-01","boot":3,"seq":42,"timestamp":1767225600123,"true_time":1767225600000,"#
        + #""sensor_id":"inv-0001.ac_power","sensor_type":"POWER","value":1234.5,"unit":"W","quality":"OUT_OF_RANGE","firmware":"4.2.1"}"#
        + "\n")
    #expect(
      TraceWriterTests.line(reading, .csv)
        == "device_id,site_id,boot,seq,timestamp,true_time,sensor_id,sensor_type,value,unit,quality,firmware\n"
        + "inv-0001,site-01,3,42,1767225600123,1767225600000,inv-0001.ac_power,POWER,1234.5,W,OUT_OF_RANGE,4.2.1\n")
  }

  @Test func theTruthStandsBesideWhatWasShown() {
    func line(_ format: TraceWriter.Format, _ faults: FaultSet) -> String {
      var reading = EventEncoderTests.reading()
      reading.faults = faults
      var buffer = ByteBuffer()
      TraceWriter.appendHeader(format, truth: true, into: &buffer)
      TraceWriter(device: EventEncoderTests.device, profile: EventEncoderTests.profile, format: format, truth: true)
        .write(reading, truth: 1234.56789, into: &buffer)
      return String(decoding: buffer.bytes, as: UTF8.self)
    }
    let both: FaultSet = [FaultSet(.spike), FaultSet(.dying)]
    #expect(
      line(.csv, both)
        == "device_id,site_id,boot,seq,timestamp,true_time,sensor_id,sensor_type,value,true_value,unit,quality,firmware,faults\n"
        + "inv-0001,site-01,3,42,1767225600123,1767225600000,inv-0001.ac_power,POWER,1234.5,1234.5679,W,GOOD,4.2.1,spike dying\n")
    #expect(line(.csv, []).hasSuffix(",4.2.1,\n"))
    let json = EventEncoderTests.parse(line(.ndjson, both))
    #expect(json?["true_value"] as? Double == 1234.5679 && json?["faults"] as? [String] == ["spike", "dying"])
    #expect(EventEncoderTests.parse(line(.ndjson, []))?["faults"] as? [String] == [])
  }

  @Test func textIsEscapedInBothFormats() {
    let device = DeviceIdentity(id: "a,\"b\"", site: 0, siteID: "s", group: 0, profile: 0)
    let csv = TraceWriterTests.line(EventEncoderTests.reading(), .csv, device: device)
    #expect(csv.contains("\n\"a,\"\"b\"\"\",s,3,"))
    let json = TraceWriterTests.line(EventEncoderTests.reading(), .ndjson, device: device)
    #expect(EventEncoderTests.parse(json)?["device_id"] as? String == "a,\"b\"")
  }
}
