import CSQLite

/// A failed operation on a ledger file.
public struct LedgerError: Error, CustomStringConvertible {
  public let description: String
  /// SQLite's primary result code; 13 is a full disk.
  public let code: Int32
  public init(_ description: String, code: Int32 = 0) {
    self.description = description
    self.code = code
  }
  /// True when there is no room left on the disk.
  public var isDiskFull: Bool { code & 0xFF == SQLITE_FULL || code & 0xFF == SQLITE_IOERR }
}

/// SQLite wrapped once: one connection, used by one thread at a time.
final class Database: @unchecked Sendable {
  private var handle: OpaquePointer?
  let path: String

  enum Access {
    case create
    case readWrite
    case readOnly
  }

  init(path: String, access: Access) throws(LedgerError) {
    self.path = path
    let flags =
      switch access {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .readWrite: SQLITE_OPEN_READWRITE
      case .readOnly: SQLITE_OPEN_READONLY
      }
    let result = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard result == SQLITE_OK else {
      let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(handle)
      throw LedgerError("\(path): \(message)", code: result)
    }
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit { sqlite3_close_v2(handle) }

  func execute(_ sql: String) throws(LedgerError) {
    let result = sqlite3_exec(handle, sql, nil, nil, nil)
    guard result == SQLITE_OK else { throw failure(result) }
  }

  func prepare(_ sql: String) throws(LedgerError) -> Statement {
    var statement: OpaquePointer?
    let result = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard result == SQLITE_OK, let statement else { throw failure(result) }
    return Statement(statement, database: self)
  }

  func failure(_ code: Int32) -> LedgerError {
    LedgerError("\(path): \(String(cString: sqlite3_errmsg(handle)))", code: code)
  }
}

/// A prepared statement; finalised when it goes.
final class Statement {
  private let handle: OpaquePointer
  private let database: Database

  init(_ handle: OpaquePointer, database: Database) {
    self.handle = handle
    self.database = database
  }

  deinit { sqlite3_finalize(handle) }

  @discardableResult
  func bind(_ index: Int32, _ value: Int64) -> Statement {
    sqlite3_bind_int64(handle, index, value)
    return self
  }

  @discardableResult
  func bind(_ index: Int32, _ value: String) -> Statement {
    // -1 is SQLITE_TRANSIENT: SQLite keeps a copy.
    sqlite3_bind_text(handle, index, value, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    return self
  }

  @discardableResult
  func bind(_ index: Int32, _ bytes: [UInt8]) -> Statement {
    sqlite3_bind_blob(handle, index, bytes, Int32(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    return self
  }

  /// Runs the statement once and makes it ready for the next use.
  func run() throws(LedgerError) {
    let result = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard result == SQLITE_DONE || result == SQLITE_ROW else { throw database.failure(result) }
  }

  /// Moves to the next row; false at the end, after which the statement is ready for the next use.
  func next() throws(LedgerError) -> Bool {
    let result = sqlite3_step(handle)
    if result == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard result == SQLITE_DONE else { throw database.failure(result) }
    return false
  }

  func reset() { sqlite3_reset(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }

  func bytes(_ column: Int32) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count > 0, let start = sqlite3_column_blob(handle, column) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}
