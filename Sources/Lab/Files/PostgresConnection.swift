import CPQ
import Glibc

/// One connection over the PostgreSQL protocol, to PostgreSQL or QuestDB. The lab's only way to libpq.
final class PostgresConnection {
  /// Why a statement failed.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    /// True when the connection is gone: whether a commit under way took effect is unknown.
    let connectionLost: Bool
  }

  private let connection: OpaquePointer

  /// Connects, at most 5 seconds long. Nothing from libpq's environment variables or password file plays a part.
  init(_ store: LabState.Store, password: String, database: String? = nil) throws(Failure) {
    let options = [
      ("host", store.host), ("port", String(store.port)), ("user", store.user), ("password", password),
      ("dbname", database ?? store.database), ("connect_timeout", "5"), ("sslmode", "disable"), ("gssencmode", "disable"),
      ("application_name", "heliograph lab"), ("client_encoding", "UTF8"), ("options", ""),
    ]
    var keywords: [UnsafePointer<CChar>?] = options.map { UnsafePointer(strdup($0.0)) } + [nil]
    var values: [UnsafePointer<CChar>?] = options.map { UnsafePointer(strdup($0.1)) } + [nil]
    defer { for pointer in keywords + values { free(UnsafeMutablePointer(mutating: pointer)) } }
    guard let made = PQconnectdbParams(&keywords, &values, 0) else {
      throw Failure(description: "libpq is out of memory", connectionLost: true)
    }
    guard PQstatus(made) == CONNECTION_OK else {
      let message = String(cString: PQerrorMessage(made)).trimmed
      PQfinish(made)
      throw Failure(description: message, connectionLost: true)
    }
    // "Already exists, skipping" is no news.
    PQsetNoticeProcessor(made, { _, _ in }, nil)
    connection = made
  }

  deinit { PQfinish(connection) }

  /// Runs statements and answers the last one's rows as text.
  @discardableResult func execute(_ sql: String) throws(Failure) -> [[String?]] {
    try query(sql).rows
  }

  /// Runs a statement and answers how many rows it changed.
  func change(_ sql: String) throws(Failure) -> Int { try query(sql).changed }

  private func query(_ sql: String) throws(Failure) -> (rows: [[String?]], changed: Int) {
    guard let result = PQexec(connection, sql) else { throw failure() }
    defer { PQclear(result) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK: return ([], Int(String(cString: PQcmdTuples(result))) ?? 0)
    case PGRES_TUPLES_OK:
      let columns = PQnfields(result)
      let rows = (0..<PQntuples(result)).map { row in
        (0..<columns).map { column -> String? in
          PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
        }
      }
      return (rows, rows.count)
    default: throw failure(result)
    }
  }

  /// Streams the rows of a query, one at a time.
  func stream(_ sql: String, _ body: (_ field: (Int32) -> UnsafePointer<CChar>) -> Void) throws(Failure) {
    guard PQsendQuery(connection, sql) == 1 else { throw failure() }
    PQsetSingleRowMode(connection)
    var failed: Failure?
    while let result = PQgetResult(connection) {
      switch PQresultStatus(result) {
      case PGRES_SINGLE_TUPLE: body { UnsafePointer(PQgetvalue(result, 0, $0)) }
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
      default: failed = failed ?? failure(result)
      }
      PQclear(result)
    }
    if let failed { throw failed }
  }

  /// Sends the data of one `COPY ... FROM STDIN`.
  func copy(_ statement: String, _ chunks: [[UInt8]]) throws(Failure) {
    guard let start = PQexec(connection, statement) else { throw failure() }
    let status = PQresultStatus(start)
    let refused = status == PGRES_COPY_IN ? nil : failure(start)
    PQclear(start)
    if let refused { throw refused }
    for chunk in chunks {
      let sent = chunk.withUnsafeBytes { PQputCopyData(connection, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count)) }
      guard sent == 1 else { throw failure() }
    }
    guard PQputCopyEnd(connection, nil) == 1 else { throw failure() }
    var failed: Failure?
    while let result = PQgetResult(connection) {
      if PQresultStatus(result) != PGRES_COMMAND_OK { failed = failed ?? failure(result) }
      PQclear(result)
    }
    if let failed { throw failed }
  }

  private func failure(_ result: OpaquePointer? = nil) -> Failure {
    let own = result.map { String(cString: PQresultErrorMessage($0)).trimmed } ?? ""
    let text = own.isEmpty ? String(cString: PQerrorMessage(connection)).trimmed : own
    // An administrator's command (class 57P) ends the connection right after its message.
    let state = result.flatMap { PQresultErrorField($0, 67) }.map { String(cString: $0) } ?? ""
    return Failure(description: text, connectionLost: PQstatus(connection) != CONNECTION_OK || state.hasPrefix("57P"))
  }
}

extension String {
  fileprivate var trimmed: String {
    split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
