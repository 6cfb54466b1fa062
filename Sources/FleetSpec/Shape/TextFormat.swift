/// The rules for one kind of text.
public enum TextFormat: Sendable, Equatable {
  /// Any text that is not empty.
  case line
  /// Lower-case letters, digits and hyphens; for fleets and profiles, because folders and files bear these names.
  case name
  /// Letters, digits, hyphens and underscores; for anything that becomes part of a topic or a key.
  case identifier
  /// An identifier with `{n}`, `{n:WIDTH}` and, where allowed, other placeholders in it.
  case identifierPattern([String])
  /// An MQTT topic with placeholders.
  case topic([String])
  /// A Kafka topic with placeholders.
  case kafkaTopic([String])
  /// Any text with placeholders.
  case template([String])
  /// `host:port`.
  case hostAndPort
  /// An IP address, or an IPv4 range.
  case addressRange
  /// A file path, relative to the file in which it stands.
  case path
  /// `mqtt://host:port` or `mqtts://host:port`.
  case brokerURL
  /// `http://host:port/path` or `https://host:port/path`.
  case httpURL
  /// `postgresql://user@host:port/database`.
  case storeURL
  /// `table` or `schema.table`.
  case table
  case column
  /// A column, or a field inside one that holds JSON: `payload->meta->event_id`.
  case columnReference
  case environmentVariable
  /// A JSON text with the placeholders of `JSONTemplate`.
  case jsonTemplate
  /// An IANA time zone, or `UTC+1`.
  case timeZone

  /// A regular expression (ECMA-262) for editors; `check(_:)` is stricter where it has to be.
  var pattern: String? {
    switch self {
    case .line, .path, .timeZone, .template: ".+"
    case .jsonTemplate: nil
    case .addressRange: "^[0-9A-Fa-f.:]+(/[0-9]+)?$"
    case .name: "^[a-z0-9][a-z0-9-]*$"
    case .identifier: "^[A-Za-z0-9_-]+$"
    case .identifierPattern(let names):
      "^([A-Za-z0-9_-]|\\{(\(names.map { $0 == "n" ? "n(:[1-9])?" : $0 }.joined(separator: "|")))\\})+$"
    case .topic: "^[^+#]+$"
    case .kafkaTopic: "^[A-Za-z0-9._{}-]+$"
    case .hostAndPort: "^.+:[0-9]+$"
    case .brokerURL: "^mqtts?://[^@/]+/?$"
    case .httpURL: "^https?://[^@/?#]+(/[^#]*)?$"
    case .storeURL: "^postgres(ql)?://[^:@]*(@[^@]*|[^@]*)$"
    case .table: "^[^.]+(\\.[^.]+)?$"
    case .column, .columnReference: ".+"
    case .environmentVariable: "^[A-Za-z_][A-Za-z0-9_]*$"
    }
  }

  /// Completes "expected ...".
  var expectation: String {
    switch self {
    case .line: "a text"
    case .name: "a name of lower-case letters, digits and '-'"
    case .identifier: "an identifier of letters, digits, '_' and '-'"
    case .identifierPattern(let names):
      "an identifier of letters, digits, '_' and '-' that may contain \(names.map { $0 == "n" ? "{n}, {n:4}" : "{\($0)}" }.joined(separator: ", "))"
    case .topic(let names): "an MQTT topic that may contain \(names.map { "{\($0)}" }.joined(separator: ", "))"
    case .kafkaTopic(let names): "a Kafka topic that may contain \(names.map { "{\($0)}" }.joined(separator: ", "))"
    case .template(let names): "a text that may contain \(names.map { "{\($0)}" }.joined(separator: ", "))"
    case .hostAndPort: "host:port"
    case .addressRange: AddressRange.expectation
    case .path: "a file path"
    case .brokerURL: "mqtts://host:port or mqtt://host:port"
    case .httpURL: "https://host:port/path or http://host:port/path"
    case .storeURL: "postgresql://user@host:port/database"
    case .table: "a table such as sensor_readings or public.sensor_readings"
    case .column: "the name of a column"
    case .columnReference: "the name of a column, or column->field inside a JSON column"
    case .timeZone: "a time zone such as Europe/Madrid or UTC+1"
    case .environmentVariable: "the name of an environment variable"
    case .jsonTemplate: "a JSON text with placeholders such as {value}"
    }
  }

  /// Throws when a text breaks the rules.
  func check(_ text: String) throws(FormatError) {
    switch self {
    case .line, .path, .column:
      if text.isEmpty || text.unicodeScalars.contains(where: { $0.value < 32 }) { throw failure("empty or has control characters") }
    case .name:
      let fits = text.utf8.allSatisfy { Self.isLower($0) || Self.isDigit($0) || $0 == 45 }
      guard fits, let first = text.utf8.first, first != 45 else {
        throw failure("not a name", Self.allSuggestion(text.lowercased(), keeping: { Self.isLower($0) || Self.isDigit($0) }, "-"))
      }
    case .identifier:
      try identifier(text[...])
    case .identifierPattern(let names):
      for piece in try Template.pieces(text, names, self) { if case .literal(let literal) = piece { try identifier(literal[...]) } }
    case .topic(let names):
      if text.isEmpty { throw failure("empty") }
      if let wildcard = text.first(where: { $0 == "+" || $0 == "#" }) {
        throw failure("a topic with the wildcard '\(wildcard)', to which nothing can be published")
      }
      _ = try Template.pieces(text, names, self)
    case .kafkaTopic(let names): try kafkaTopic(text, names)
    case .template(let names):
      if text.isEmpty || text.unicodeScalars.contains(where: { $0.value < 32 }) { throw failure("empty or has control characters") }
      _ = try Template.pieces(text, names, self)
    case .hostAndPort: try hostAndPort(text)
    case .addressRange: _ = try AddressRange(text)
    case .brokerURL: _ = try BrokerURL(text)
    case .httpURL: _ = try HTTPURL(text)
    case .storeURL: try StoreURL.check(text)
    case .table:
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      if parts.count > 2 || parts.contains(where: \.isEmpty) { throw failure("not a table's name") }
    case .timeZone:
      guard TimeZones.rules(named: text) != nil else { throw failure("not a time zone", TimeZones.suggestion(for: text)) }
    case .jsonTemplate: _ = try JSONTemplate(text)
    case .columnReference:
      if text.isEmpty || text.unicodeScalars.contains(where: { $0.value < 32 }) { throw failure("empty or has control characters") }
      _ = try ColumnReference.parse(text, self)
    case .environmentVariable:
      let fits = text.utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == 95 }
      guard fits, let first = text.utf8.first, !Self.isDigit(first) else { throw failure("not the name of an environment variable") }
    }
  }

  private func identifier(_ text: Substring) throws(FormatError) {
    if text.isEmpty { throw failure("empty") }
    guard let wrong = text.first(where: { !Self.isIdentifier($0) }) else { return }
    let repaired =
      self == .identifier ? Self.allSuggestion(String(text), keeping: { Self.isLetter($0) || Self.isDigit($0) || $0 == 95 }, "-") : nil
    throw failure("with the character '\(wrong)'", repaired)
  }

  private func kafkaTopic(_ text: String, _ names: [String]) throws(FormatError) {
    if text.isEmpty { throw failure("empty") }
    if text.utf8.count > 249 { throw failure("longer than 249 characters") }
    for piece in try Template.pieces(text, names, self) {
      guard case .literal(let literal) = piece else { continue }
      if let wrong = literal.first(where: { !Self.isIdentifier($0) && $0 != "." }) {
        throw failure("a topic with the character '\(wrong)'")
      }
    }
  }

  private func hostAndPort(_ text: String) throws(FormatError) {
    if text.contains("://") { throw failure("a URL", "leave out what stands before the host") }
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex, let port = Int(text[text.index(after: colon)...]) else {
      throw failure("without a port", text.contains(":") || text.isEmpty ? nil : "write '\(text):9092'")
    }
    guard (1...65_535).contains(port) else { throw failure("with a port that is not from 1 to 65535") }
  }

  private func failure(_ problem: String, _ suggestion: String? = nil) -> FormatError {
    FormatError(problem, expected: expectation, suggestion: suggestion)
  }

  private static func allSuggestion(_ text: String, keeping: (UInt8) -> Bool, _ replacement: Character) -> String? {
    guard text.utf8.allSatisfy({ $0 < 128 }), !text.contains("{") else { return nil }
    let replaced = String(text.map { keeping($0.asciiValue ?? 0) ? $0 : replacement })
    guard let first = replaced.first, first != replacement else { return nil }
    return "did you mean '\(replaced)'?"
  }

  private static func isLower(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 }
  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
  private static func isLetter(_ byte: UInt8) -> Bool { isLower(byte) || (byte >= 65 && byte <= 90) }

  private static func isIdentifier(_ character: Character) -> Bool {
    guard let byte = character.asciiValue else { return false }
    return isLetter(byte) || isDigit(byte) || byte == 95 || byte == 45
  }
}
