/// The address to which readings are posted.
struct HTTPURL: Equatable {
  static let standardPath = "/api/v1/telemetry"

  let usesTLS: Bool
  let host: String
  let port: Int
  /// As given, with the standard path where there was none.
  let text: String

  init(_ given: String) throws(FormatError) {
    let expected = TextFormat.httpURL.expectation
    guard let scheme = given.firstRange(of: "://") else { throw FormatError("not a URL", expected: expected) }
    switch given[..<scheme.lowerBound] {
    case "https": usesTLS = true
    case "http": usesTLS = false
    case let other: throw FormatError("a URL with the scheme '\(other)'", expected: expected)
    }
    let rest = given[scheme.upperBound...]
    var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("@") {
      throw FormatError(
        "a URL with a user in it", expected: "secrets outside of the file",
        suggestion: "remove it and set 'token: {env: NAME}' or 'token: {file: PATH}' next to the URL", isSecret: true)
    }
    let path = rest[authority.endIndex...]
    if path.contains("#") { throw FormatError("a URL with a fragment", expected: expected) }
    try Self.checkQuery(path)
    guard given.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value < 127 }) else {
      throw FormatError("a URL with characters that must be written as %XX", expected: expected)
    }
    var port = usesTLS ? 443 : 80
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else { throw FormatError("without the closing bracket", expected: expected) }
      host = String(authority[authority.index(after: authority.startIndex)..<close])
      authority = authority[authority.index(after: close)...]
    } else {
      let colon = authority.firstIndex(of: ":") ?? authority.endIndex
      host = String(authority[..<colon])
      authority = authority[colon...]
    }
    if host.isEmpty { throw FormatError("a URL without a host", expected: expected) }
    if !authority.isEmpty {
      guard authority.hasPrefix(":"), let number = Int(authority.dropFirst()), (1...65535).contains(number) else {
        throw FormatError("a URL whose port is not a number from 1 to 65535", expected: expected)
      }
      port = number
    }
    self.port = port
    text = path.isEmpty || path == "/" ? given.prefix(given.count - path.count) + Self.standardPath : given
  }

  private static func checkQuery(_ path: Substring) throws(FormatError) {
    guard let mark = path.firstIndex(of: "?") else { return }
    for part in path[path.index(after: mark)...].split(separator: "&") {
      let name = part.prefix { $0 != "=" }.lowercased()
      if ["token", "key", "secret", "password", "sig"].contains(where: name.contains) {
        throw FormatError(
          "a URL with what may be a secret in it", expected: "secrets outside of the file",
          suggestion: "remove it and set 'token: {env: NAME}' or 'token: {file: PATH}' next to the URL", isSecret: true)
      }
    }
  }
}
