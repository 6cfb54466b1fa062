/// One row to be stored. What it does not name comes from the event.
struct Row {
  /// Microseconds since 1970.
  var timestamp: Int64
  /// Nil stores NULL.
  var value: Double?
  /// Microseconds since 1970.
  var ingestedAt: Int64
}

/// Writes rows in the form that a store takes.
enum RowEncoder: Sendable {
  /// PostgreSQL's COPY ... WITH (FORMAT binary).
  case binaryCopy
  /// QuestDB's line protocol over HTTP, with microseconds.
  case lineProtocol(table: String)

  static let columns = "timestamp, site_id, asset_id, sensor_type, sensor_id, value, unit, quality_flag, metadata, ingested_at"

  func append(_ row: Row, _ event: borrowing Event, _ message: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    switch self {
    case .binaryCopy: Self.appendBinary(row, event, message, &output)
    case .lineProtocol(let table): Self.appendLine(table, row, event, message, &output)
    }
  }

  // MARK: Binary COPY

  /// Microseconds from 1970 to 2000, where PostgreSQL's timestamps begin.
  private static let postgresEpoch: Int64 = 946_684_800_000_000
  static let binaryHeader: [UInt8] = [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]
  static let binaryTrailer: [UInt8] = [0xff, 0xff]

  private static func appendBinary(_ row: Row, _ event: borrowing Event, _ message: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
    appendInteger(Int16(10), &output)
    appendField(row.timestamp - postgresEpoch, &output)
    for slice in [event.siteID, event.assetID, event.sensorType, event.sensorID] { appendField(slice.bytes(in: message), &output) }
    if let value = row.value {
      appendField(Int64(bitPattern: value.bitPattern), &output)
    } else {
      appendInteger(Int32(-1), &output)
    }
    for slice in [event.unit, event.quality, event.metadata] { appendField(slice.bytes(in: message), &output) }
    appendField(row.ingestedAt - postgresEpoch, &output)
  }

  private static func appendField(_ value: Int64, _ output: inout [UInt8]) {
    appendInteger(Int32(8), &output)
    appendInteger(value, &output)
  }

  private static func appendField(_ bytes: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
    appendInteger(Int32(bytes.count), &output)
    output.append(contentsOf: bytes)
  }

  private static func appendInteger(_ value: some FixedWidthInteger, _ output: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { output.append(contentsOf: $0) }
  }

  // MARK: Line protocol

  private static func appendLine(
    _ table: String, _ row: Row, _ event: borrowing Event, _ message: UnsafeRawBufferPointer, _ output: inout [UInt8]
  ) {
    output.append(contentsOf: table.utf8)
    appendTag("site_id", event.siteID, message, &output)
    appendTag("asset_id", event.assetID, message, &output)
    appendTag("sensor_type", event.sensorType, message, &output)
    appendTag("sensor_id", event.sensorID, message, &output)
    appendTag("unit", event.unit, message, &output)
    appendTag("quality_flag", event.quality, message, &output)
    output.append(UInt8(ascii: " "))
    if let value = row.value {
      output.append(contentsOf: "value=".utf8)
      if value == event.value {
        output.append(contentsOf: event.valueText.bytes(in: message))
      } else {
        output.append(contentsOf: "\(value)".utf8)
      }
      output.append(UInt8(ascii: ","))
    }
    output.append(contentsOf: "metadata=\"".utf8)
    for byte in event.metadata.bytes(in: message) {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
      // Line ends may stand between the members of an object; a space there means the same.
      output.append(byte == 0x0a || byte == 0x0d ? 0x20 : byte)
    }
    output.append(contentsOf: "\",ingested_at=\(row.ingestedAt)t \(row.timestamp)\n".utf8)
  }

  private static func appendTag(_ name: StaticString, _ slice: Slice, _ message: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
    // The protocol knows no empty symbol.
    guard slice.count > 0 else { return }
    output.append(UInt8(ascii: ","))
    output.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    output.append(UInt8(ascii: "="))
    for byte in slice.bytes(in: message) {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      default: output.append(byte)
      }
    }
  }
}
