import FleetSpec

/// What a device can be told to do from outside.
///
/// Two spellings: plain, as `reboot`, `rebirth`, `interval 30s` and `interval default`, or a flat JSON object: `{"command": "reboot"}`,
/// `{"command": "interval", "value": "30s"}`, in which a bare number counts seconds.
public enum DeviceCommand: Sendable, Equatable {
  /// From now on at most one sample leaves the device in this time; nil for all of them again.
  case interval(Milliseconds?)
  /// The device starts again: what only its memory held is gone.
  case reboot
  /// The device tells once more what it is.
  case rebirth

  /// Longer messages are no commands.
  public static let longest = 1_024

  /// Nil when the message is not understood.
  public init?(_ message: some Collection<UInt8>) {
    guard message.count <= Self.longest else { return nil }
    let text = String(decoding: message, as: UTF8.self).trimmed
    if text.hasPrefix("{") {
      guard let object = FlatObject(text), let word = object["command"] else { return nil }
      self.init(word: word, value: object["value"])
    } else {
      let words = text.split(whereSeparator: { $0 == " " || $0 == "=" })
      guard let word = words.first, words.count <= 2 else { return nil }
      self.init(word: String(word), value: words.count == 2 ? String(words[1]) : nil)
    }
  }

  private init?(word: String, value: String?) {
    switch (word, value) {
    case ("reboot", nil): self = .reboot
    case ("rebirth", nil): self = .rebirth
    case ("interval", "default"): self = .interval(nil)
    case ("interval", let value?):
      guard let time = Self.duration(value) else { return nil }
      self = .interval(time)
    default: return nil
    }
  }

  private static func duration(_ text: String) -> Milliseconds? {
    let isBare = text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    guard let time = try? Units.duration(isBare ? text + "s" : text), time > 0, time <= 366 * 86_400_000 else { return nil }
    return time
  }
}

/// A JSON object whose values are texts and numbers.
private struct FlatObject {
  private var values: [(key: String, value: String)] = []

  /// Nil when the text is anything else.
  init?(_ text: String) {
    var rest = Substring(text)
    guard Self.take("{", &rest), var key = Self.string(&rest) else { return nil }
    while true {
      guard Self.take(":", &rest), let value = Self.string(&rest) ?? Self.number(&rest) else { return nil }
      values.append((key, value))
      if Self.take("}", &rest) { break }
      guard Self.take(",", &rest), let next = Self.string(&rest) else { return nil }
      key = next
    }
    guard String(rest).trimmed.isEmpty else { return nil }
  }

  subscript(key: String) -> String? { values.first { $0.key == key }?.value }

  private static func skipSpace(_ rest: inout Substring) { rest = rest.drop { $0.isWhitespace } }

  private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
    skipSpace(&rest)
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// No command needs an escape.
  private static func string(_ rest: inout Substring) -> String? {
    guard take("\"", &rest), let end = rest.firstIndex(of: "\"") else { return nil }
    let text = rest[..<end]
    rest = rest[rest.index(after: end)...]
    return text.contains("\\") ? nil : String(text)
  }

  private static func number(_ rest: inout Substring) -> String? {
    skipSpace(&rest)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return digits.isEmpty ? nil : String(digits)
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...].drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
