/// QuestDB's write-ahead log: rows are acknowledged before they can be seen.
public enum WriteAheadLog {
  /// Waits until everything that was acknowledged so far is visible. Returns at once on PostgreSQL and for tables without a log.
  /// - Throws: `StoreError.suspended` when the table has stopped taking rows; `.timeout` when it does not catch up in time.
  public static func wait(forTable table: String, on connection: StoreConnection) throws {
    guard connection.dialect == .questDB, let state = try state(ofTable: table, on: connection) else { return }
    if let suspension = state.suspension { throw suspension }
    do {
      try connection.execute("select wait_wal_table(\(try connection.dialect.text(table)))")
    } catch {
      guard case .rejected(_, _, let message) = error, message.contains("suspended") else { throw error }
      throw suspended(table: table, reason: message)
    }
  }

  /// What `wal_tables()` says about one table; nil when it has no write-ahead log.
  struct State {
    let pendingTransactions: Int64
    let suspension: StoreError?
  }

  static func state(ofTable table: String, on connection: StoreConnection) throws -> State? {
    let rows = try connection.query(
      "select suspended, \"writerTxn\", \"sequencerTxn\", \"errorTag\", \"errorMessage\" from wal_tables() where name = "
        + (try connection.dialect.text(table)))
    guard let row = rows.first else { return nil }
    let pending = (row[2].integer ?? 0) - (row[1].integer ?? 0)
    let reason = [row[3].text, row[4].text].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
    let isSuspended = row[0] == .integer(1)
    return State(pendingTransactions: pending, suspension: isSuspended ? suspended(table: table, reason: reason) : nil)
  }

  private static func suspended(table: String, reason: String) -> StoreError {
    .suspended(
      table: table, reason: reason.isEmpty ? "it gives no reason; see the server's log" : reason,
      fix: "free disk space or repair what the log names, then: ALTER TABLE \(Dialect.questDB.identifier(table)) RESUME WAL; "
        + "(with FROM TXN it would skip transactions, that is, lose rows)")
  }
}
