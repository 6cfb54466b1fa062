/// A value of a small result that is held in memory.
public enum StoreValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case double(Double)
  /// Microseconds since 1970-01-01T00:00:00Z.
  case timestamp(Int64)
  case text(String)

  /// The number, when it is a whole one.
  public var integer: Int64? {
    guard case .integer(let value) = self else { return nil }
    return value
  }
  /// The text, when it is one.
  public var text: String? {
    guard case .text(let value) = self else { return nil }
    return value
  }
}

extension Row {
  /// The value in whatever type the server sent.
  func value(_ column: Int) throws -> StoreValue {
    if isNull(column) { return .null }
    if let text = try? text(column) { return .text(text) }
    if let integer = try? integer(column) { return .integer(integer) }
    if let microseconds = try? timestampMicroseconds(column) { return .timestamp(microseconds) }
    return try double(column).map { .double($0) } ?? .null
  }
}
