import CPQ

/// A connection URL taken apart, our own settings merged into it.
struct ConnectionString {
  let keywords: [(name: String, value: String)]
  let endpoint: StoreEndpoint
  let redaction: Redaction

  /// - Throws: `StoreError.invalidRequest` when libpq cannot read the URL; the message is free of secrets.
  init(url: String, password: String?, options: ConnectionOptions) throws(StoreError) {
    var message: UnsafeMutablePointer<CChar>?
    let rawSecrets = [password, Redaction.passwordStanding(in: url)].compactMap { $0 }
    guard let list = PQconninfoParse(url, &message) else {
      let reason = message.map { Redaction.withoutQuotations(String(cString: $0)) } ?? "unreadable"
      PQfreemem(message)
      throw .invalidRequest(
        Redaction(secrets: rawSecrets).clean(
          "the store's url is not valid: \(reason); expected postgresql://user@host:port/database, "
            + "for example postgresql://admin@127.0.0.1:8812/qdb"
        ))
    }
    defer { PQconninfoFree(list) }
    var merged = Self.settings(in: list)
    let secrets = rawSecrets + merged.filter { $0.name == "password" }.map(\.value)
    func set(_ name: String, _ value: String) {
      merged.removeAll { $0.name == name }
      merged.append((name, value))
    }
    if let password { set("password", password) }
    set("application_name", options.applicationName)
    set("client_encoding", "UTF8")
    let own = merged.first { $0.name == "options" }?.value
    set("options", [own, options.startupOptions].compactMap { $0 }.joined(separator: " "))
    func first(_ name: String) -> String? { merged.first { $0.name == name && !$0.value.isEmpty }?.value }
    keywords = merged
    endpoint = StoreEndpoint(
      host: first("host") ?? first("hostaddr") ?? "localhost", port: Int(first("port") ?? "5432") ?? 5432,
      database: first("dbname") ?? "")
    redaction = Redaction(secrets: secrets)
  }

  private static func settings(in list: UnsafeMutablePointer<PQconninfoOption>) -> [(name: String, value: String)] {
    var settings: [(name: String, value: String)] = []
    var option = list
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { settings.append((String(cString: keyword), String(cString: value))) }
      option += 1
    }
    return settings
  }
}

/// Removes secrets from texts that people may see.
struct Redaction: Sendable {
  private let secrets: [String]

  init(secrets: [String]) { self.secrets = secrets.filter { !$0.isEmpty } }

  func clean(_ text: String) -> String {
    var cleaned = text
    for secret in secrets { cleaned = cleaned.replacing(secret, with: "***") }
    return cleaned
  }

  /// The text with everything in double quotes left out: libpq quotes the parts of a URL that it cannot read.
  static func withoutQuotations(_ text: String) -> String {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.enumerated().map { $0.offset.isMultiple(of: 2) ? String($0.element) : "..." }.joined().trimmingSpaces
  }

  /// The password between `user:` and `@`, exactly as it is written, even in a URL that libpq cannot read.
  static func passwordStanding(in url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let rest = url[scheme.upperBound...]
    guard let at = rest.lastIndex(of: "@"), let colon = rest[..<at].firstIndex(of: ":") else { return nil }
    return String(rest[rest.index(after: colon)..<at])
  }
}
