/// Text as the formats want it.
enum Escaping {
  /// The inside of a JSON string. Source: RFC 8259, section 7.
  static func json(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          escaped.unicodeScalars.append(scalar)
        }
      }
    }
    return escaped
  }

  /// The most bytes that a text takes inside of a JSON string.
  static func roomForJSON(_ text: String) -> Int { text.utf8.count * 6 }

  /// A field of a CSV line, in quotes when it needs them. Source: RFC 4180, section 2.
  static func csv(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    guard needsQuotes else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

extension ByteCursor {
  /// The inside of a JSON string; `Escaping.roomForJSON` bytes at most. Names without anything to escape cost no allocation.
  mutating func put(json text: String) {
    var text = text
    let isPlain = text.withUTF8 { bytes in bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") } }
    if !isPlain { text = Escaping.json(text) }
    text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
  }
}
