import CPQ
import FleetSpec

/// Turns libpq's messages into `StoreError`.
struct ErrorClassification {
  let endpoint: StoreEndpoint
  let redaction: Redaction
  let statementTimeout: Milliseconds

  /// A session that could not be opened.
  func connecting(_ message: String) -> StoreError {
    let reason = readable(message)
    let refused = ["FATAL:", "ERROR:", "authentication", "no password supplied"].contains { message.contains($0) }
    let temporary = ["starting up", "shutting down", "recovery mode", "too many clients", "remaining connection slots"]
    return refused && !temporary.contains { message.contains($0) }
      ? .rejected(endpoint, sqlState: "", message: reason) : .unreachable(endpoint, reason: reason)
  }

  /// A session that broke.
  func broken(_ message: String) -> StoreError {
    let reason = readable(message)
    return .lost(endpoint, reason: reason.isEmpty ? "the server closed the connection" : reason)
  }

  /// A statement that failed, on a session that may or may not have survived.
  func failed(_ result: OpaquePointer, connectionIsBad: Bool) -> StoreError {
    let sqlState = PQresultErrorField(result, Self.sqlStateField).map { String(cString: $0) } ?? ""
    let primary = PQresultErrorField(result, Self.primaryField).map { String(cString: $0) }
    let message = primary ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
    // 57P01...57P05: shut down by the administrator, crash of a sibling, cannot connect now, database dropped, idle too long.
    if connectionIsBad || sqlState.hasPrefix("57P0") { return broken(message) }
    if message.contains("statement timeout") || message.contains("timeout, query aborted") {
      return .timeout(endpoint, after: statementTimeout, reason: readable(message))
    }
    if sqlState == "57014" || message.contains("cancelled by user") { return .cancelled(endpoint) }
    return .rejected(endpoint, sqlState: sqlState, message: readable(message))
  }

  /// The message without libpq's preamble, on one line, without secrets.
  private func readable(_ message: String) -> String {
    var lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces }
    lines = lines.map { line in
      guard line.hasPrefix("connection to server"), let end = line.firstRange(of: "failed: ") else { return line }
      return String(line[end.upperBound...])
    }
    lines = lines.map { line in
      ["FATAL:", "ERROR:"].reduce(line) { $0.hasPrefix($1) ? String($0.dropFirst($1.count)).trimmingSpaces : $0 }
    }
    return redaction.clean(lines.joined(separator: "; "))
  }

  private static let sqlStateField = Int32(UInt8(ascii: "C"))
  private static let primaryField = Int32(UInt8(ascii: "M"))
}

extension StringProtocol {
  var trimmingSpaces: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }
}
