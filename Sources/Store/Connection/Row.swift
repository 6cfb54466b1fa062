import CPQ

/// One row of a result, borrowed while it streams past: it must not be kept.
///
/// Numbers are read from the wire's binary form without allocating. Columns count from 0.
public struct Row: ~Copyable {
  let result: OpaquePointer
  let line: Int32

  init(result: OpaquePointer, line: Int32 = 0) {
    self.result = result
    self.line = line
  }

  /// How many columns the row has.
  public var columnCount: Int { Int(PQnfields(result)) }

  /// A column's name.
  func name(_ column: Int) -> String { PQfname(result, Int32(column)).map { String(cString: $0) } ?? "" }

  public func isNull(_ column: Int) -> Bool { PQgetisnull(result, line, Int32(column)) != 0 }

  /// A whole number of two, four or eight bytes, or a boolean as 0 or 1.
  /// - Throws: `StoreError.unexpectedResult` for any other type.
  public func integer(_ column: Int) throws(StoreError) -> Int64? {
    guard let bytes = bytes(column) else { return nil }
    switch type(column) {
    case TypeNumber.integer8: return bytes.loadUnaligned(as: Int64.self).bigEndian
    case TypeNumber.integer4: return Int64(bytes.loadUnaligned(as: Int32.self).bigEndian)
    case TypeNumber.integer2: return Int64(bytes.loadUnaligned(as: Int16.self).bigEndian)
    case TypeNumber.boolean: return Int64(bytes[0])
    default: throw unexpected(column, "a whole number")
    }
  }

  /// A floating-point or whole number.
  /// - Throws: `StoreError.unexpectedResult` for any other type.
  public func double(_ column: Int) throws(StoreError) -> Double? {
    guard let bytes = bytes(column) else { return nil }
    switch type(column) {
    case TypeNumber.double: return Double(bitPattern: bytes.loadUnaligned(as: UInt64.self).bigEndian)
    case TypeNumber.float: return Double(Float(bitPattern: bytes.loadUnaligned(as: UInt32.self).bigEndian))
    default: return try integer(column).map(Double.init)
    }
  }

  /// Microseconds since 1970-01-01T00:00:00Z of a timestamp; `Int64.min` and `Int64.max` stand for minus and plus infinity.
  /// - Throws: `StoreError.unexpectedResult` for any other type.
  public func timestampMicroseconds(_ column: Int) throws(StoreError) -> Int64? {
    guard let bytes = bytes(column) else { return nil }
    guard type(column) == TypeNumber.timestamp || type(column) == TypeNumber.timestampWithZone else {
      throw unexpected(column, "a timestamp")
    }
    let since2000 = bytes.loadUnaligned(as: Int64.self).bigEndian
    let (sum, overflow) = since2000.addingReportingOverflow(Self.microsecondsTo2000)
    return overflow || since2000 == .max ? .max : since2000 == .min ? .min : sum
  }

  /// Lends the bytes of a text; nil stands for NULL.
  /// - Throws: `StoreError.unexpectedResult` for types other than text.
  public func withUTF8<Result>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>?) throws -> Result) throws -> Result {
    guard let bytes = bytes(column) else { return try body(nil) }
    guard TypeNumber.texts.contains(type(column)) else { throw unexpected(column, "a text") }
    return try body(bytes.bindMemory(to: UInt8.self))
  }

  /// A text as a string; nil stands for NULL.
  /// - Throws: `StoreError.unexpectedResult` for types other than text.
  public func text(_ column: Int) throws -> String? {
    try withUTF8(column) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  private func type(_ column: Int) -> UInt32 { PQftype(result, Int32(column)) }

  private func bytes(_ column: Int) -> UnsafeRawBufferPointer? {
    guard !isNull(column) else { return nil }
    return UnsafeRawBufferPointer(
      start: PQgetvalue(result, line, Int32(column)), count: Int(PQgetlength(result, line, Int32(column))))
  }

  private func unexpected(_ column: Int, _ expected: String) -> StoreError {
    .unexpectedResult(
      "column \(name(column)) of the result has type number \(type(column)), expected \(expected); cast it in the SQL text")
  }

  /// PostgreSQL and QuestDB count binary timestamps from 2000-01-01.
  private static let microsecondsTo2000: Int64 = 946_684_800_000_000
}
