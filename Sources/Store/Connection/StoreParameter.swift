/// A value sent beside the SQL text, in binary.
public enum StoreParameter: Sendable, Equatable {
  case null
  case integer(Int64)
  case double(Double)
  case text(String)

  /// PostgreSQL's type number; 0 lets the server decide.
  var type: UInt32 {
    switch self {
    case .null, .text: 0
    case .integer: TypeNumber.integer8
    case .double: TypeNumber.double
    }
  }

  var isBinary: Bool {
    switch self {
    case .null, .text: false
    case .integer, .double: true
    }
  }

  /// The bytes on the wire; a text ends with a zero byte, as libpq wants it.
  var bytes: [UInt8]? {
    switch self {
    case .null: nil
    case .integer(let value): withUnsafeBytes(of: value.bigEndian) { Array($0) }
    case .double(let value): withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
    case .text(let value): Array(value.utf8) + [0]
    }
  }
}

/// The type numbers that both engines use on the wire.
enum TypeNumber {
  static let boolean: UInt32 = 16
  static let integer8: UInt32 = 20
  static let integer2: UInt32 = 21
  static let integer4: UInt32 = 23
  static let float: UInt32 = 700
  static let double: UInt32 = 701
  static let timestamp: UInt32 = 1114
  static let timestampWithZone: UInt32 = 1184
  /// Types whose binary form is the text itself: char, name, text, json, unknown, bpchar, varchar.
  static let texts: Set<UInt32> = [18, 19, 25, 114, 705, 1042, 1043]
}
