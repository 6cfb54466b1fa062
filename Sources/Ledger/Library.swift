import CSQLite

/// The version of SQLite.
public enum LedgerLibrary {
  public static var version: String { String(cString: sqlite3_libversion()) }
}
