/// Reads CBOR as far as JSON can say it. Source: RFC 8949, sections 3 and 6.1.
struct CBORReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0
  private var text = ""

  /// The JSON text of a message that is exactly one data item; a NaN is `NaN`, which JSON does not know. Nil when it is none.
  static func json(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
    var reader = CBORReader(bytes: message)
    guard reader.item(), reader.position == message.count else { return nil }
    return Array(reader.text.utf8)
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func item() -> Bool {
    guard let (major, detail, argument) = head() else { return false }
    switch major {
    case 0: text += "\(argument)"
    case 1:
      guard argument <= UInt64(Int64.max) else { return false }
      text += "\(-1 - Int64(argument))"
    case 3:
      guard let string = string(argument) else { return false }
      text += EventText.quoted(string)
    case 4: return list(argument)
    case 5: return map(argument)
    case 7: return simple(detail, argument)
    default: return false
    }
    return true
  }

  private mutating func list(_ count: UInt64) -> Bool {
    guard enter(count) else { return false }
    text += "["
    for index in 0..<count {
      if index > 0 { text += "," }
      guard item() else { return false }
    }
    text += "]"
    depth -= 1
    return true
  }

  private mutating func map(_ count: UInt64) -> Bool {
    guard enter(count) else { return false }
    text += "{"
    for index in 0..<count {
      if index > 0 { text += "," }
      guard let (major, _, length) = head(), major == 3, let key = string(length) else { return false }
      text += EventText.quoted(key) + ":"
      guard item() else { return false }
    }
    text += "}"
    depth -= 1
    return true
  }

  /// No list is longer than the bytes that are left.
  private mutating func enter(_ count: UInt64) -> Bool {
    depth += 1
    return depth < 16 && count <= UInt64(bytes.count - position)
  }

  private mutating func simple(_ detail: UInt8, _ argument: UInt64) -> Bool {
    switch detail {
    case 20: text += "false"
    case 21: text += "true"
    case 22: text += "null"
    case 25: number(Double(Float16(bitPattern: UInt16(argument))))
    case 26: number(Double(Float(bitPattern: UInt32(argument))))
    case 27: number(Double(bitPattern: argument))
    default: return false
    }
    return true
  }

  private mutating func number(_ value: Double) { text += value.isNaN ? "NaN" : "\(value)" }

  private mutating func head() -> (major: UInt8, detail: UInt8, argument: UInt64)? {
    guard position < bytes.count else { return nil }
    let first = bytes[position]
    position += 1
    let detail = first & 31
    guard detail >= 24 else { return (first >> 5, detail, UInt64(detail)) }
    guard detail < 28 else { return nil }
    let width = 1 << Int(detail - 24)
    guard bytes.count - position >= width else { return nil }
    var argument: UInt64 = 0
    for _ in 0..<width {
      argument = argument << 8 | UInt64(bytes[position])
      position += 1
    }
    return (first >> 5, detail, argument)
  }

  private mutating func string(_ length: UInt64) -> String? {
    guard length <= UInt64(bytes.count - position) else { return nil }
    defer { position += Int(length) }
    return String(validating: bytes[position..<position + Int(length)], as: UTF8.self)
  }
}
