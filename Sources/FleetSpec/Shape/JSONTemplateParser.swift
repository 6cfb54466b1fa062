/// Reads a JSON text with placeholders. Source: RFC 8259.
struct JSONTemplateParser {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func parse() throws(FormatError) -> JSONTemplateNode {
    let root = try value()
    skipSpace()
    if index < bytes.count { throw failure("is no valid JSON: something follows its end", "nothing behind the JSON value") }
    if case .scalar = root { throw failure("is a single value", "a JSON object or array", at: 0) }
    return root
  }

  private mutating func value() throws(FormatError) -> JSONTemplateNode {
    skipSpace()
    guard let byte = peek else { throw failure("is no valid JSON: it ends where a value should stand", "a value") }
    switch byte {
    case UInt8(ascii: "{"):
      if isPlaceholder { return .scalar([try placeholder(inString: false)]) }
      return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .scalar(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .scalar([.text(try number())])
    default:
      for word in ["true", "false", "null"] where bytes[index...].starts(with: word.utf8) {
        index += word.utf8.count
        return .scalar([.text(word)])
      }
      throw failure("is no valid JSON: a value should stand here", "an object, array, string, number, true, false, null or a placeholder")
    }
  }

  private mutating func object() throws(FormatError) -> JSONTemplateNode {
    let start = index
    try enter()
    var members: [JSONTemplateNode.Member] = []
    index += 1
    if take("}") { return leave(.object([])) }
    repeat {
      skipSpace()
      let begin = index
      guard peek == UInt8(ascii: "\"") else { throw failure("is no valid JSON: a key should stand here", "a key in double quotes") }
      let key = try string()
      if members.contains(where: { $0.key == key }) { throw failure("has a key twice in one object", "each key once", at: begin) }
      guard take(":") else { throw failure("is no valid JSON: no ':' behind the key", "a colon and the value") }
      members.append(JSONTemplateNode.Member(key: key, value: try value()))
    } while take(",")
    guard take("}") else { throw unclosed("object", from: start, "',' and the next member, or '}'") }
    return leave(.object(members))
  }

  private mutating func array() throws(FormatError) -> JSONTemplateNode {
    let start = index
    try enter()
    var items: [JSONTemplateNode] = []
    index += 1
    if take("]") { return leave(.array([])) }
    repeat { items.append(try value()) } while take(",")
    guard take("]") else { throw unclosed("array", from: start, "',' and the next item, or ']'") }
    return leave(.array(items))
  }

  private mutating func enter() throws(FormatError) {
    depth += 1
    if depth > 32 { throw failure("is nested more than 32 levels deep", "less nesting") }
  }

  private mutating func leave(_ node: JSONTemplateNode) -> JSONTemplateNode {
    depth -= 1
    return node
  }

  private func unclosed(_ what: String, from start: Int, _ expected: String) -> FormatError {
    let (line, column) = position(start)
    return failure("is no valid JSON: the \(what) that begins in its line \(line), column \(column) does not go on here", expected)
  }

  /// With its quotes.
  private mutating func string() throws(FormatError) -> [JSONTemplate.Piece] {
    let begin = index
    var pieces: [JSONTemplate.Piece] = []
    var start = index
    index += 1
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        pieces.append(.text(text(start..<index)))
        return pieces
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw failure("is no valid JSON: the string does not end in its line", "a double quote, or \\n for a new line")
      case UInt8(ascii: "{") where isPlaceholder:
        pieces.append(.text(text(start..<index)))
        pieces.append(try placeholder(inString: true))
        start = index
      default: index += 1
      }
    }
    throw failure("is no valid JSON: a string does not end", "a double quote at its end", at: begin)
  }

  private mutating func escape() throws(FormatError) {
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    if next == UInt8(ascii: "u") {
      let digits = bytes[min(index + 2, bytes.count)..<min(index + 6, bytes.count)]
      guard digits.count == 4, digits.allSatisfy(Self.isHexadecimal) else {
        throw failure("is no valid JSON: four hexadecimal digits must follow \\u", "for example \\u00e9")
      }
      index += 6
      return
    }
    guard "\"\\/bfnrt".utf8.contains(next) else {
      throw failure("is no valid JSON: an unknown escape", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
    }
    index += 2
  }

  private mutating func number() throws(FormatError) -> String {
    let start = index
    if peek == UInt8(ascii: "-") { index += 1 }
    let digits = index
    try takeDigits()
    if bytes[digits] == UInt8(ascii: "0"), index > digits + 1 {
      throw failure("is no valid JSON: a number with a leading zero", "a number without it", at: start)
    }
    if peek == UInt8(ascii: ".") {
      index += 1
      try takeDigits()
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      index += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
      try takeDigits()
    }
    return text(start..<index)
  }

  private mutating func takeDigits() throws(FormatError) {
    let start = index
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    if index == start { throw failure("is no valid JSON: a digit should stand here", "a number") }
  }

  /// A brace directly before a letter: JSON knows no such thing outside of strings.
  private var isPlaceholder: Bool {
    index + 1 < bytes.count && bytes[index] == UInt8(ascii: "{")
      && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[index + 1] | 0x20)
  }

  private mutating func placeholder(inString: Bool) throws(FormatError) -> JSONTemplate.Piece {
    let start = index
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")), !bytes[start..<end].contains(0x0a) else {
      throw failure("has a placeholder without its closing brace", "for example {value}")
    }
    let name = text(start + 1..<end)
    let known = JSONTemplate.Placeholder.allCases.map(\.rawValue)
    guard let placeholder = JSONTemplate.Placeholder(rawValue: name) else {
      var error = failure("has the unknown placeholder '{\(name)}'", "one of \(known.map { "{\($0)}" }.joined(separator: ", "))")
      error.suggestion = Suggestion.nearest(name, among: known).map { "did you mean '{\($0)}'?" }
      throw error
    }
    switch placeholder.kind {
    case .text where !inString:
      throw failure("is no valid JSON: '{\(name)}' is a text and stands outside of a string", "\"{\(name)}\" with its quotes")
    case .object where inString:
      throw failure("is no valid JSON: '{\(name)}' is an object and stands inside of a string", "{\(name)} without the quotes")
    default: break
    }
    index = end + 1
    return .placeholder(placeholder, inString: inString)
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { index += 1 }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  private func failure(_ problem: String, _ expected: String, at offset: Int? = nil) -> FormatError {
    let (line, column) = position(offset ?? index)
    return FormatError(problem, expected: expected, position: FormatError.Position(line: line, column: column))
  }

  /// Counted from 1, columns in Unicode scalars.
  private func position(_ offset: Int) -> (line: Int, column: Int) {
    let before = bytes[..<min(offset, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0a } + 1
    return (line, String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1)
  }
}
