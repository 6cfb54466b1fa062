import FleetSpec

/// Where a store listens, as it may be shown to people: never with a password.
public struct StoreEndpoint: Sendable, Equatable, CustomStringConvertible {
  /// A host name, an address, or the folder of a Unix socket.
  public let host: String
  /// 1...65535.
  public let port: Int
  /// The database's name; empty when the server chooses.
  public let database: String

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What can go wrong between Heliograph and a store. No message ever contains a password.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No session could be opened: nobody listens, the name is unknown, or no answer came in time.
  case unreachable(StoreEndpoint, reason: String)
  /// An open session ended: the server stopped, was killed, or the network broke.
  case lost(StoreEndpoint, reason: String)
  /// The server answered and refused. QuestDB's `sqlState` is always `00000`; it is empty when the log-in was refused.
  case rejected(StoreEndpoint, sqlState: String, message: String)
  /// The statement took longer than `after` milliseconds, by the server's clock or by ours.
  case timeout(StoreEndpoint, after: Milliseconds, reason: String)
  /// The statement was cancelled by `StoreCanceller`.
  case cancelled(StoreEndpoint)
  /// QuestDB has stopped applying writes to the table: rows that were acknowledged are not visible.
  case suspended(table: String, reason: String, fix: String)
  /// A result has a type or shape that cannot be read.
  case unexpectedResult(String)
  /// The request itself makes no sense; nothing was sent.
  case invalidRequest(String)

  public var description: String {
    switch self {
    case .unreachable(let endpoint, let reason): "the store at \(endpoint) cannot be reached: \(reason)"
    case .lost(let endpoint, let reason): "the connection to the store at \(endpoint) was lost: \(reason)"
    case .rejected(let endpoint, let sqlState, let message):
      sqlState.isEmpty || sqlState == "00000"
        ? "the store at \(endpoint) refused: \(message)" : "the store at \(endpoint) refused (\(sqlState)): \(message)"
    case .timeout(let endpoint, let after, let reason): "the store at \(endpoint) took longer than \(after) ms: \(reason)"
    case .cancelled(let endpoint): "the statement on the store at \(endpoint) was cancelled"
    case .suspended(let table, let reason, let fix):
      "QuestDB has suspended the table \(table), so acknowledged rows are not visible: \(reason); fix: \(fix)"
    case .unexpectedResult(let message): message
    case .invalidRequest(let message): message
    }
  }
}
