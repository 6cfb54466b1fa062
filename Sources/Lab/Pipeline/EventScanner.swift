import Glibc

/// Why a message is malformed.
enum Malformed: Error, Equatable {
  case tooLarge
  case notUTF8
  case unknownDevice(Slice)
  case syntax(offset: Int)
  case unknownField(Slice)
  case repeatedField(Slice)
  case missingField(StaticString)
  case wrongValue(StaticString, expected: StaticString)

  static func == (a: Malformed, b: Malformed) -> Bool { a.text(nil) == b.text(nil) }

  /// Whether the value is null.
  func isNullValue(_ message: UnsafeRawBufferPointer) -> Bool {
    guard case .wrongValue(let field, _) = self, "\(field)" == "value" else { return false }
    let wanted = Array("\"value\":null".utf8)
    let bytes = message.filter { $0 != UInt8(ascii: " ") }
    guard bytes.count >= wanted.count else { return false }
    return bytes.indices.dropLast(wanted.count - 1).contains { bytes[$0...].starts(with: wanted) }
  }

  func text(_ message: UnsafeRawBufferPointer?) -> String {
    func name(_ slice: Slice) -> String { message.map { slice.text(in: $0) } ?? "" }
    return switch self {
    case .tooLarge: "larger than \(EventScanner.maximumSize) bytes"
    case .notUTF8: "not valid UTF-8"
    case .unknownDevice(let device): "the device '\(name(device))' is not registered"
    case .syntax(let offset): "not a flat JSON object at byte \(offset)"
    case .unknownField(let field): "unknown field '\(name(field))'"
    case .repeatedField(let field): "field '\(name(field))' comes twice"
    case .missingField(let field): "field '\(field)' is missing"
    case .wrongValue(let field, let expected): "field '\(field)': expected \(expected)"
    }
  }
}

/// The validation of telemetry events: every field present, of the right type, once, and no other.
enum EventScanner {
  /// Milliseconds of 9999-12-31T23:59:59.999Z, the last instant that both stores can hold.
  static let lastTimestamp: Int64 = 253_402_300_799_999

  /// No event is larger: what is has been padded or is something else.
  static let maximumSize = 16_384
  /// The pipeline has no register of devices; ids that begin like this stand for those that would not be in it.
  private static let unregistered: StaticString = "unregistered-"

  private enum Field: Int, CaseIterable {
    case eventID, timestamp, siteID, assetID, sensorType, sensorID, value, unit, quality, metadata, source, schemaVersion
    var name: StaticString {
      switch self {
      case .eventID: "event_id"
      case .timestamp: "timestamp"
      case .siteID: "site_id"
      case .assetID: "asset_id"
      case .sensorType: "sensor_type"
      case .sensorID: "sensor_id"
      case .value: "value"
      case .unit: "unit"
      case .quality: "quality_flag"
      case .metadata: "metadata"
      case .source: "source"
      case .schemaVersion: "schema_version"
      }
    }
  }

  static let sensorTypes: [StaticString] = [
    "POWER", "TEMPERATURE", "VOLTAGE", "CURRENT", "FREQUENCY", "PRESSURE", "HUMIDITY", "VIBRATION", "FLOW_RATE", "RPM", "TORQUE", "ENERGY",
    "STATUS", "OTHER",
  ]
  static let qualities: [StaticString] = ["GOOD", "BAD", "UNCERTAIN", "OUT_OF_RANGE", "SENSOR_FAULT"]

  static func scan(_ message: UnsafeRawBufferPointer) throws(Malformed) -> Event {
    guard message.count <= maximumSize else { throw .tooLarge }
    guard isUTF8(message) else { throw .notUTF8 }
    var scanner = Scanner(message)
    var event = Event()
    var seen = 0
    // Events come in one order: guess the next field first.
    var expected = 0
    guard scanner.take(UInt8(ascii: "{")) else { throw .syntax(offset: scanner.position) }
    repeat {
      guard let name = scanner.string(plain: true), scanner.take(UInt8(ascii: ":")) else { throw .syntax(offset: scanner.position) }
      guard let field = find(name, scanner, expected) else { throw .unknownField(name) }
      guard seen & (1 << field.rawValue) == 0 else { throw .repeatedField(name) }
      seen |= 1 << field.rawValue
      expected = field.rawValue + 1
      try read(field, &scanner, &event)
    } while scanner.take(UInt8(ascii: ","))
    guard scanner.take(UInt8(ascii: "}")) else { throw .syntax(offset: scanner.position) }
    scanner.skipSpace()
    guard scanner.isAtEnd else { throw .syntax(offset: scanner.position) }
    for field in Field.allCases where seen & (1 << field.rawValue) == 0 { throw .missingField(field.name) }
    try checkIdentity(&event, scanner)
    let prefix = Slice(start: event.assetID.start, end: event.assetID.start + Int32(unregistered.utf8CodeUnitCount))
    if event.assetID.count > prefix.count, scanner.matches(prefix, unregistered) { throw .unknownDevice(event.assetID) }
    event.key = ReadingKey(sensorID: event.sensorID.bytes(in: message), timestamp: event.timestamp)
    return event
  }

  private static func find(_ name: Slice, _ scanner: Scanner, _ expected: Int) -> Field? {
    if let guess = Field(rawValue: expected), scanner.matches(name, guess.name) { return guess }
    return Field.allCases.first { scanner.matches(name, $0.name) }
  }

  private static func read(_ field: Field, _ scanner: inout Scanner, _ event: inout Event) throws(Malformed) {
    switch field {
    case .eventID: event.eventID = try text(field, &scanner)
    case .siteID: event.siteID = try text(field, &scanner)
    case .assetID: event.assetID = try text(field, &scanner)
    case .sensorID: event.sensorID = try text(field, &scanner)
    case .source: event.source = try text(field, &scanner)
    case .unit:
      guard let unit = scanner.string(plain: true) else { throw .wrongValue(field.name, expected: "a string without escapes") }
      event.unit = unit
    case .sensorType:
      event.sensorType = try text(field, &scanner)
      guard sensorTypes.contains(where: { scanner.matches(event.sensorType, $0) }) else {
        throw .wrongValue(field.name, expected: "a known sensor type, such as POWER")
      }
    case .quality:
      event.quality = try text(field, &scanner)
      guard qualities.contains(where: { scanner.matches(event.quality, $0) }) else {
        throw .wrongValue(field.name, expected: "GOOD, BAD, UNCERTAIN, OUT_OF_RANGE or SENSOR_FAULT")
      }
    case .timestamp:
      guard let number = scanner.number(), let timestamp = scanner.integer(number), (0...lastTimestamp).contains(timestamp) else {
        throw .wrongValue(field.name, expected: "milliseconds from 1970 to 9999 as a whole number")
      }
      event.timestamp = timestamp
    case .value:
      guard let number = scanner.number(), let value = finite(number, scanner) else {
        throw .wrongValue(field.name, expected: "a finite number")
      }
      event.value = value
      event.valueText = number
    case .metadata:
      guard let metadata = scanner.flatObject() else { throw .wrongValue(field.name, expected: "an object of plain values") }
      event.metadata = metadata
    case .schemaVersion:
      guard let number = scanner.number(), scanner.integer(number) == 1 else { throw .wrongValue(field.name, expected: "1") }
    }
  }

  private static func text(_ field: Field, _ scanner: inout Scanner) throws(Malformed) -> Slice {
    guard let slice = scanner.string(plain: true), slice.count > 0 else {
      throw .wrongValue(field.name, expected: "a string of at least one character, without escapes")
    }
    return slice
  }

  private static func finite(_ number: Slice, _ scanner: Scanner) -> Double? {
    // strtod needs an end: copy the few digits to the stack.
    guard number.count < 64 else { return nil }
    return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
      let source = number.bytes(in: scanner.bytes)
      buffer.copyMemory(from: source)
      buffer[source.count] = 0
      guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
      let value = strtod(start, nil)
      return value.isFinite ? value : nil
    }
  }

  /// `event_id` is `<asset_id>:<boot>:<seq>`, `sensor_id` is `<asset_id>.<sensor>`.
  private static func checkIdentity(_ event: inout Event, _ scanner: Scanner) throws(Malformed) {
    let asset = event.assetID.bytes(in: scanner.bytes)
    func begins(_ slice: Slice, _ separator: UInt8) -> Bool {
      slice.count > asset.count + 1 && scanner.bytes[Int(slice.start) + asset.count] == separator
        && slice.bytes(in: scanner.bytes).prefix(asset.count).elementsEqual(asset)
    }
    guard begins(event.sensorID, UInt8(ascii: ".")) else { throw .wrongValue("sensor_id", expected: "<asset_id>.<sensor>") }
    guard begins(event.eventID, UInt8(ascii: ":")) else { throw .wrongValue("event_id", expected: "<asset_id>:<boot>:<seq>") }
    let start = Int(event.eventID.start) + asset.count + 1
    let end = Int(event.eventID.end)
    guard let colon = (start..<end).first(where: { scanner.bytes[$0] == UInt8(ascii: ":") }),
      let boot = scanner.integer(Slice(start: Int32(start), end: Int32(colon))),
      let seq = scanner.integer(Slice(start: Int32(colon + 1), end: Int32(end)))
    else { throw .wrongValue("event_id", expected: "<asset_id>:<boot>:<seq>") }
    event.boot = boot
    event.seq = seq
  }

  private static func isUTF8(_ message: UnsafeRawBufferPointer) -> Bool {
    var high: UInt8 = 0
    for byte in message { high |= byte }
    return high < 0x80 || String(validating: message, as: UTF8.self) != nil
  }
}
