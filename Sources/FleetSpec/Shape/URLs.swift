/// The address of an MQTT broker.
struct BrokerURL: Equatable {
  let usesTLS: Bool
  let host: String
  let port: Int

  init(_ text: String) throws(FormatError) {
    let expected = TextFormat.brokerURL.expectation
    guard let scheme = text.firstRange(of: "://") else { throw FormatError("not a URL", expected: expected) }
    switch text[..<scheme.lowerBound] {
    case "mqtts": usesTLS = true
    case "mqtt": usesTLS = false
    case let other: throw FormatError("a URL with the scheme '\(other)'", expected: expected, suggestion: Self.advice(other))
    }
    var rest = text[scheme.upperBound...]
    if let at = rest.lastIndex(of: "@") {
      if rest[..<at].contains(":") { throw StoreURL.secret }
      throw FormatError("a URL with a user", expected: expected, suggestion: "put the user under the key 'user'")
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    if rest.contains("/") || rest.contains("?") { throw FormatError("a URL with a path", expected: expected) }
    var port = usesTLS ? 8883 : 1883
    if rest.hasPrefix("[") {
      guard let close = rest.firstIndex(of: "]") else { throw FormatError("without the closing bracket", expected: expected) }
      host = String(rest[rest.index(after: rest.startIndex)..<close])
      rest = rest[rest.index(after: close)...]
    } else {
      let colon = rest.firstIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<colon])
      rest = rest[colon...]
    }
    if host.isEmpty { throw FormatError("a URL without a host", expected: expected) }
    if !rest.isEmpty {
      guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()), (1...65535).contains(number) else {
        throw FormatError("a URL whose port is not a number from 1 to 65535", expected: expected)
      }
      port = number
    }
    self.port = port
  }

  private static func advice(_ scheme: Substring) -> String? {
    switch scheme.lowercased() {
    case "ssl", "tls", "tcps", "mqtt+tls", "mqtt+ssl", "mqtts": "did you mean 'mqtts'?"
    case "tcp": "did you mean 'mqtt'?"
    default: nil
    }
  }
}

/// The address of a store that speaks PostgreSQL's protocol.
enum StoreURL {
  static let secret = FormatError(
    "a URL with a password in it", expected: "secrets outside of the file",
    suggestion: "remove it and set 'password: {env: NAME}' or 'password: {file: PATH}' next to the URL", isSecret: true)

  static func check(_ text: String) throws(FormatError) {
    let expected = TextFormat.storeURL.expectation
    guard let scheme = text.firstRange(of: "://") else { throw FormatError("not a URL", expected: expected) }
    let name = text[..<scheme.lowerBound]
    let rest = text[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") { throw secret }
    let query = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
    if query.split(separator: "&").contains(where: { $0.hasPrefix("password=") }) { throw secret }
    guard name == "postgresql" || name == "postgres" else {
      let advice =
        name.hasPrefix("http")
        ? "QuestDB answers PostgreSQL's protocol on port 8812" : Suggestion.didYouMean(String(name), among: ["postgresql"])
      throw FormatError("a URL with the scheme '\(name)'", expected: expected, suggestion: advice)
    }
    let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
    if path.count < 2 { throw FormatError("a URL without a database", expected: expected) }
  }
}
