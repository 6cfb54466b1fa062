import Store

/// A row of the table as it waits to be judged: small, and without its texts where they are the usual ones.
struct RowRecord {
  /// Why it was fetched.
  enum Place: UInt8 {
    /// In a bucket that disagrees.
    case inside = 0
    /// Around a reading whose timestamp lies outside all buckets.
    case far = 1
    /// Arrived during the run under an event time outside all buckets.
    case outside = 2
  }

  var sensor: Int32
  /// The version of the firmware by whose constants the texts are as expected, or `BucketTable.noVariant`: then they are kept beside it.
  var variant: UInt8
  /// The code of the quality, 0 where it is not compared.
  var quality: UInt8
  var place: Place
  var hasValue: Bool
  var timestampMicroseconds: Int64
  var value: Double
  /// Microseconds since 1970; `noArrival` where the table does not tell.
  var arrival: Int64
  /// The number or id of its message as a `MessageCode`; 0 where the table has none.
  var message: Int64 = 0
  /// Where its texts are, -1 when they are the usual ones.
  var texts: Int32 = -1

  static let noArrival = Int64.min

  var ingestedAtMicroseconds: Int64? { arrival == RowRecord.noArrival ? nil : arrival }
}

/// What a row says that is not the usual.
struct UnusualTexts: Equatable {
  var sensorID: String
  var attributes: [String?]
}

/// The bytes of a row in a spill. They never leave the machine, so their order is its own.
enum RowCodec {
  /// Bytes of a row with the usual texts.
  static let size = 40

  static func append(_ record: RowRecord, _ texts: UnusualTexts?, to bytes: inout [UInt8]) {
    append(record.sensor, to: &bytes)
    bytes.append(record.variant)
    bytes.append(record.quality)
    bytes.append(record.place.rawValue)
    bytes.append(record.hasValue ? 1 : 0)
    append(record.timestampMicroseconds, to: &bytes)
    append(record.value.bitPattern, to: &bytes)
    append(record.arrival, to: &bytes)
    append(record.message, to: &bytes)
    guard record.variant == BucketTable.noVariant, let texts else { return }
    append(Int32(texts.attributes.count), to: &bytes)
    append(texts.sensorID, to: &bytes)
    for attribute in texts.attributes { append(attribute, to: &bytes) }
  }

  private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  private static func append(_ text: String?, to bytes: inout [UInt8]) {
    guard let text else {
      append(Int32(-1), to: &bytes)
      return
    }
    append(Int32(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  /// Adds the rows in `bytes` to a list.
  static func decode(_ bytes: UnsafeRawBufferPointer, into rows: inout [RowRecord], texts: inout [UnusualTexts]) {
    var reader = Reader(bytes: bytes)
    while reader.offset < bytes.count {
      var record = RowRecord(
        sensor: reader.number(), variant: reader.number(), quality: reader.number(), place: .inside, hasValue: false,
        timestampMicroseconds: 0, value: 0, arrival: 0)
      record.place = RowRecord.Place(rawValue: reader.number()) ?? .inside
      record.hasValue = reader.number() as UInt8 == 1
      record.timestampMicroseconds = reader.number()
      record.value = Double(bitPattern: reader.number())
      record.arrival = reader.number()
      record.message = reader.number()
      if record.variant == BucketTable.noVariant {
        let count: Int32 = reader.number()
        record.texts = Int32(texts.count)
        let sensorID = reader.text() ?? ""
        texts.append(UnusualTexts(sensorID: sensorID, attributes: (0..<count).map { _ in reader.text() }))
      }
      rows.append(record)
    }
  }

  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func number<Number: FixedWidthInteger>() -> Number {
      defer { offset += MemoryLayout<Number>.size }
      return bytes.loadUnaligned(fromByteOffset: offset, as: Number.self)
    }

    mutating func text() -> String? {
      let count = Int(number() as Int32)
      guard count >= 0 else { return nil }
      defer { offset += count }
      return String(decoding: bytes[offset..<(offset + count)], as: UTF8.self)
    }
  }
}
