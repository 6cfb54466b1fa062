/// Reads a line of InfluxDB's line protocol that holds one reading. Source: InfluxData, "Line protocol reference".
struct LineReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// The telemetry event of a line; nil when it is no line with one value.
  static func json(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
    var reader = LineReader(bytes: message)
    return reader.line().map { Array($0.utf8) }
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func line() -> String? {
    guard name(until: ", ") != nil else { return nil }
    var event: [String] = []
    var metadata: [String] = []
    while take(UInt8(ascii: ",")) {
      guard let key = name(until: "="), take(UInt8(ascii: "=")), let value = name(until: ", ") else { return nil }
      event.append("\(EventText.quoted(key)):\(EventText.quoted(value))")
    }
    if !event.contains(where: { $0.hasPrefix("\"unit\"") }) { event.append("\"unit\":\"\"") }
    guard take(UInt8(ascii: " ")) else { return nil }
    repeat {
      guard let key = name(until: "="), take(UInt8(ascii: "=")), let value = field() else { return nil }
      switch key {
      case "value", "event_id": event.append("\(EventText.quoted(key)):\(value)")
      default: metadata.append("\(EventText.quoted(key)):\(value)")
      }
    } while take(UInt8(ascii: ","))
    if take(UInt8(ascii: " ")) {
      guard let text = name(until: "\n") else { return nil }
      event.append("\"timestamp\":\(Int64(text).map { String($0 / 1_000_000) } ?? EventText.quoted(text))")
    }
    _ = take(0x0a)
    guard position == bytes.count else { return nil }
    event.append("\"metadata\":{\(metadata.joined(separator: ","))},\"source\":\"heliograph\",\"schema_version\":1")
    return "{\(event.joined(separator: ","))}"
  }

  /// A text in quotes, or a number without the `i` of a whole one.
  private mutating func field() -> String? {
    guard position < bytes.count else { return nil }
    guard bytes[position] == UInt8(ascii: "\"") else {
      guard let text = name(until: ", ") else { return nil }
      return text.hasSuffix("i") ? String(text.dropLast()) : text
    }
    position += 1
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
      text.append(bytes[position])
      position += 1
    }
    guard take(UInt8(ascii: "\"")), let string = String(validating: text, as: UTF8.self) else { return nil }
    return EventText.quoted(string)
  }

  /// A text up to one of the characters, or to the line's end; nil when there is none.
  private mutating func name(until ends: String) -> String? {
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != 0x0a, !ends.utf8.contains(bytes[position]) {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
      text.append(bytes[position])
      position += 1
    }
    return text.isEmpty ? nil : String(validating: text, as: UTF8.self)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}
