import CPQ
import FleetSpec

/// One session with PostgreSQL or QuestDB. It belongs to one thread; only `canceller` may be used from others.
public final class StoreConnection {
  public let endpoint: StoreEndpoint
  /// Which engine answered.
  public private(set) var dialect = Dialect.postgreSQL
  /// The server's answer to `select version()`.
  public private(set) var serverVersion = ""
  public let options: ConnectionOptions
  let classification: ErrorClassification
  /// Nil once the session is closed.
  private(set) var handle: OpaquePointer?
  private var isStreaming = false

  /// Opens a session and finds out which engine it is.
  /// - Parameters:
  ///   - url: `postgresql://user@host:port/database`, or libpq's `key=value` form.
  ///   - password: takes precedence over one in the URL; nil leaves libpq's own sources (`PGPASSWORD`, `~/.pgpass`).
  /// - Throws: `StoreError.unreachable`, `.rejected` or `.invalidRequest`.
  public convenience init(url: String, password: String?, options: ConnectionOptions = ConnectionOptions()) throws(StoreError) {
    let settings = try ConnectionString(url: url, password: password, options: options)
    let classification = ErrorClassification(
      endpoint: settings.endpoint, redaction: settings.redaction, statementTimeout: options.statementTimeout)
    let handle = try Self.open(settings, classification, options)
    self.init(handle: handle, settings: settings, classification: classification, options: options)
    try prepareSession()
  }

  private init(handle: OpaquePointer, settings: ConnectionString, classification: ErrorClassification, options: ConnectionOptions) {
    self.handle = handle
    self.endpoint = settings.endpoint
    self.classification = classification
    self.options = options
  }

  deinit { close() }

  /// Ends the session; later calls throw `StoreError.lost`.
  public func close() {
    if let handle { PQfinish(handle) }
    handle = nil
  }

  /// True while the session is open as far as this side can know without asking the server.
  public var isAlive: Bool {
    guard let handle, PQstatus(handle) == CONNECTION_OK else { return false }
    // A server that stops says so before it hangs up: both have to be read.
    while !isStreaming, wait(for: .readable, of: PQsocket(handle), until: Deadline(after: 0)) {
      guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { return false }
    }
    return true
  }

  /// Stops the running statement, from any thread; nil when the session is closed.
  public var canceller: StoreCanceller? { handle.flatMap { StoreCanceller(connection: $0) } }

  /// Runs a statement and ignores its rows.
  public func execute(_ sql: String, _ parameters: [StoreParameter] = []) throws(StoreError) {
    do {
      try forEachRow(sql, parameters) { _ in }
    } catch let error as StoreError {
      throw error
    } catch {
      throw .unexpectedResult("\(error)")
    }
  }

  /// Runs a statement and returns all of its rows: for small results only.
  public func query(_ sql: String, _ parameters: [StoreParameter] = []) throws -> [[StoreValue]] {
    var rows: [[StoreValue]] = []
    try forEachRow(sql, parameters) { row in
      var values: [StoreValue] = []
      for column in 0..<row.columnCount { values.append(try row.value(column)) }
      rows.append(values)
    }
    return rows
  }

  /// Runs a statement and lends its rows one by one, in constant memory.
  ///
  /// When `body` throws, the statement is cancelled, its remaining rows are dropped, and the session stays usable.
  /// - Throws: `StoreError`, or what `body` throws.
  public func forEachRow(
    _ sql: String, _ parameters: [StoreParameter] = [], _ body: (borrowing Row) throws -> Void
  ) throws {
    guard !isStreaming else {
      throw StoreError.invalidRequest("a second statement was started on the session with \(endpoint) while its rows were being read")
    }
    isStreaming = true
    defer { isStreaming = false }
    try send(sql, parameters)
    var failure: (any Error)?
    while let result = try nextResult() {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_SINGLE_TUPLE:
        guard failure == nil else { continue }
        do {
          try body(Row(result: result))
        } catch {
          failure = error
          canceller?.cancel()
        }
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: continue
      default: if failure == nil { failure = classification.failed(result, connectionIsBad: PQstatus(handle) == CONNECTION_BAD) }
      }
    }
    if let failure { throw failure }
  }

  private func prepareSession() throws(StoreError) {
    do {
      serverVersion = try query("select version() as version").first?.first?.text ?? ""
    } catch let error as StoreError {
      throw error
    } catch {
      throw .unexpectedResult("\(error)")
    }
    dialect = Dialect(serverVersion: serverVersion)
    guard dialect == .postgreSQL else { return }
    try execute("select " + options.postgreSQLSettings.map { "set_config('\($0.name)', '\($0.value)', false)" }.joined(separator: ", "))
  }
}
