import Testing

@testable import Lab

@Suite struct ScannerTests {
  private let sound = TestReading(device: "inv-0001", sensor: "ac_power", seq: 42, timestamp: 1_767_225_600_123, value: 1234.5).json

  private func scan(_ text: String) -> Result<Event, Malformed> {
    var bytes = Array(text.utf8)
    return bytes.withUnsafeMutableBytes { buffer in
      do throws(Malformed) { return .success(try EventScanner.scan(UnsafeRawBufferPointer(buffer))) } catch { return .failure(error) }
    }
  }

  @Test func aSoundEventIsRead() throws {
    let event = try scan(sound).get()
    #expect(event.boot == 1 && event.seq == 42 && event.timestamp == 1_767_225_600_123 && event.value == 1234.5)
    #expect(throws: Never.self) { try scan(sound.replacing(",", with: " , ").replacing("{", with: "\n{ ")).get() }
    // Another order of the same fields.
    let swapped = sound.replacing("\"site_id\":\"site-01\",", with: "").replacing(
      "{\"event_id\"", with: "{\"site_id\":\"site-01\",\"event_id\"")
    #expect(throws: Never.self) { try scan(swapped).get() }
  }

  @Test func everyTruncationIsMalformed() {
    for length in 0..<sound.utf8.count {
      let part = String(decoding: sound.utf8.prefix(length), as: UTF8.self)
      if case .success = scan(part) { Issue.record("accepted: \(part)") }
    }
  }

  @Test(arguments: [
    ("\"value\":1234.5", "\"value\":\"1234.5\"", "field 'value': expected a finite number"),
    ("\"value\":1234.5", "\"value\":NaN", "field 'value': expected a finite number"),
    ("\"value\":1234.5", "\"value\":1e999", "field 'value': expected a finite number"),
    ("\"value\":1234.5", "\"value\":null", "field 'value': expected a finite number"),
    ("\"value\":1234.5", "\"value\":01", "field 'value'"),
    ("\"timestamp\":1767225600123", "\"timestamp\":1767225600123.5", "field 'timestamp'"),
    ("\"timestamp\":1767225600123", "\"timestamp\":-1", "field 'timestamp'"),
    ("\"timestamp\":1767225600123,", "", "field 'timestamp' is missing"),
    ("\"unit\"", "\"units\"", "unknown field 'units'"),
    ("\"site_id\":\"site-01\",", "\"site_id\":\"site-01\",\"site_id\":\"site-01\",", "comes twice"),
    ("POWER", "MAGIC", "known sensor type"),
    ("GOOD", "FINE", "expected GOOD"),
    ("\"schema_version\":1", "\"schema_version\":2", "field 'schema_version'"),
    ("inv-0001:1:42", "inv-0002:1:42", "field 'event_id'"),
    ("inv-0001.ac_power", "inv-0002.ac_power", "field 'sensor_id'"),
    ("\"firmware\":\"4.2.1\"", "\"firmware\":[]", "field 'metadata'"),
    ("\"schema_version\":1}", "\"schema_version\":1}}", "not a flat JSON object"),
  ])
  func whatIsWrongIsNamed(_ old: String, _ new: String, _ reason: String) throws {
    let text = sound.replacing(old, with: new)
    guard case .failure(let error) = scan(text) else {
      Issue.record("accepted: \(text)")
      return
    }
    var bytes = Array(text.utf8)
    let description = bytes.withUnsafeMutableBytes { error.text(UnsafeRawBufferPointer($0)) }
    #expect(description.contains(reason))
  }

  /// What Heliograph sends on purpose and a pipeline must refuse, as far as single fields do not show it.
  @Test func oversizedEventsAndUnregisteredDevicesAreMalformed() {
    let padded = sound.replacing("\"boot\":1", with: "\"padding\":\"\(String(repeating: "x", count: 20_000))\",\"boot\":1")
    #expect(throws: Malformed.tooLarge) { try scan(padded).get() }
    let unknown = scan(sound.replacing("inv-0001", with: "unregistered-inv-0001"))
    guard case .failure(.unknownDevice) = unknown else {
      Issue.record("accepted, or refused for another reason: \(unknown)")
      return
    }
    let time = scan(sound.replacing("1767225600123", with: "\"2026-01-01T00:00:00.123Z\""))
    guard case .failure(.wrongValue) = time else {
      Issue.record("accepted, or refused for another reason: \(time)")
      return
    }
  }

  @Test func invalidUTF8IsMalformed() {
    var bytes = Array(sound.utf8)
    bytes[20] = 0xff
    _ = bytes.withUnsafeMutableBytes { buffer in
      #expect(throws: Malformed.notUTF8) { () throws(Malformed) in try EventScanner.scan(UnsafeRawBufferPointer(buffer)) }
    }
  }

  @Test func theMemoryKeepsEveryKeyThroughItsGrowth() {
    var memory = KeyMemory(capacity: 16)
    for index in 0..<50_000 { memory.set(ReadingKey(sensor: UInt64(index % 7), timestamp: Int64(index)), .stored, arrival: Int64(index)) }
    #expect(memory.count == 50_000)
    var wrong = 0
    for index in 0..<50_000 where memory[ReadingKey(sensor: UInt64(index % 7), timestamp: Int64(index))]?.arrival != Int64(index) {
      wrong += 1
    }
    #expect(wrong == 0)
    #expect(memory[ReadingKey(sensor: 8, timestamp: 0)] == nil)
  }

  @Test func lineProtocolEscapesWhatItMust() throws {
    let text = sound.replacing("site-01", with: "site 1,a=b")
    let bytes = Array(text.utf8)
    let line = try bytes.withUnsafeBytes { buffer -> String in
      let event = try EventScanner.scan(buffer)
      var output: [UInt8] = []
      let row = Row(timestamp: 1_767_225_600_123_000, value: 1234.5, ingestedAt: 1_767_225_600_200_001)
      RowEncoder.lineProtocol(table: "t").append(row, event, buffer, to: &output)
      return String(decoding: output, as: UTF8.self)
    }
    #expect(
      line == "t,site_id=site\\ 1\\,a\\=b,asset_id=inv-0001,sensor_type=POWER,sensor_id=inv-0001.ac_power,unit=°C,quality_flag=GOOD "
        + "value=1234.5,metadata=\"{\\\"boot\\\":1,\\\"seq\\\":42,\\\"firmware\\\":\\\"4.2.1\\\"}\",ingested_at=1767225600200001t "
        + "1767225600123000\n")
  }
}
