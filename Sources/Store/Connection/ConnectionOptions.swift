import FleetSpec

/// How a session is opened and limited.
public struct ConnectionOptions: Sendable, Equatable {
  /// What the session may do.
  public enum Access: Sendable, Equatable {
    /// PostgreSQL refuses every change. QuestDB knows no such switch: there, only what is executed counts.
    case readOnly
    case readWrite
  }
  /// The longest wait for a session, in milliseconds.
  public var connectTimeout: Milliseconds
  /// The longest time for one statement, in milliseconds, enforced by the server; 0 means the server's own limit (60 s on QuestDB).
  /// When the server is silent for this long and `grace` more, the client gives up.
  public var statementTimeout: Milliseconds
  /// How much longer than the server the client waits before it gives up, in milliseconds.
  public var grace: Milliseconds
  /// The name that the server shows for the session.
  public var applicationName: String
  public var access: Access

  public init(
    connectTimeout: Milliseconds = 10_000, statementTimeout: Milliseconds = 600_000, grace: Milliseconds = 5_000,
    applicationName: String = "heliograph", access: Access = .readOnly
  ) {
    self.connectTimeout = connectTimeout
    self.statementTimeout = statementTimeout
    self.grace = grace
    self.applicationName = applicationName
    self.access = access
  }

  /// The start-up options of the session, in libpq's notation. QuestDB heeds the time-out only when it is the one option there is.
  var startupOptions: String? { statementTimeout > 0 ? "-c statement_timeout=\(statementTimeout)" : nil }

  /// What a session with PostgreSQL is set to once it is open.
  var postgreSQLSettings: [(name: String, value: String)] {
    [
      ("TimeZone", "UTC"), ("standard_conforming_strings", "on"), ("work_mem", "128MB"),
      ("default_transaction_read_only", access == .readOnly ? "on" : "off"),
    ]
  }

  /// The longest silence of the server that the client bears, in milliseconds; nil means for ever.
  var longestSilence: Milliseconds? { statementTimeout > 0 ? statementTimeout + grace : nil }
}
