/// The two engines, and exactly what differs between their SQL.
///
/// Whatever is not here is written the same for both. Texts are compared byte by byte on both as long as nothing is ordered,
/// so no query here orders by text. `cast(double as bigint)` rounds in PostgreSQL and truncates in QuestDB, so it is only ever
/// given whole numbers.
public enum Dialect: String, Sendable, CaseIterable {
  case postgreSQL = "PostgreSQL"
  case questDB = "QuestDB"

  /// - Parameter serverVersion: the answer to `select version()`; QuestDB says `PostgreSQL 12.3, ..., QuestDB`.
  public init(serverVersion: String) {
    self = serverVersion.contains("QuestDB") ? .questDB : .postgreSQL
  }

  /// A name in double quotes, quotes within it doubled.
  public func identifier(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// A table's name, quoted. In PostgreSQL `schema.table` names two things; a name in QuestDB may contain dots itself.
  public func table(_ name: String) -> String {
    let (schema, table) = Self.parts(ofTable: name, in: self)
    return schema.map { identifier($0) + "." + identifier(table) } ?? identifier(table)
  }

  static func parts(ofTable name: String, in dialect: Dialect) -> (schema: String?, table: String) {
    guard dialect == .postgreSQL, let dot = name.firstIndex(of: ".") else { return (nil, name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  /// A text literal. Backslashes mean themselves in both engines.
  /// - Throws: `StoreError.invalidRequest` for a zero byte, which no engine stores.
  public func text(_ value: String) throws(StoreError) -> String {
    guard !value.utf8.contains(0) else { throw .invalidRequest("a text with a zero byte cannot be looked for in a store") }
    return "'" + value.replacing("'", with: "''") + "'"
  }

  /// A timestamp literal.
  /// - Parameter microseconds: since 1970-01-01T00:00:00Z; confined to the years that the engine knows (1970 or 1 to 9999).
  public func timestamp(microseconds: Int64) -> String {
    let confined = min(max(microseconds, earliest), CivilTime.endOfYear9999)
    switch self {
    case .postgreSQL: return "timestamp '\(CivilTime(microseconds: confined))'"
    case .questDB: return "cast(\(confined) as timestamp)"
    }
  }

  private var earliest: Int64 {
    switch self {
    case .postgreSQL: CivilTime.startOfYear1
    case .questDB: 0
    }
  }

  /// Microseconds since 1970 of an expression of any timestamp type, as a whole number.
  public func microseconds(ofTimestamp expression: String) -> String {
    switch self {
    // `extract` gives an exact decimal number since PostgreSQL 14, and one that rounds to the right microsecond up to 2106 before.
    case .postgreSQL: "cast(extract(epoch from \(expression)) * 1000000 as bigint)"
    // The inner cast brings TIMESTAMP_NS and DATE to microseconds.
    case .questDB: "cast(cast(\(expression) as timestamp) as long)"
    }
  }

  /// A 64-bit whole number.
  public func integer(_ expression: String) -> String { "cast(\(expression) as bigint)" }

  /// A double.
  public func double(_ expression: String) -> String {
    switch self {
    case .postgreSQL: "cast(\(expression) as double precision)"
    case .questDB: "cast(\(expression) as double)"
    }
  }

  /// A text, whatever the column's type: varchar, char, enum, uuid. QuestDB sends its three text types alike.
  public func textual(_ expression: String) -> String {
    switch self {
    case .postgreSQL: "cast(\(expression) as text)"
    case .questDB: expression
    }
  }

  /// The sum of non-negative whole numbers below 2^31, as a 64-bit number. PostgreSQL's sum(bigint) is an arbitrary-precision number, its
  /// sum(integer) a bigint; QuestDB's sum(long) wraps, which takes more than 2^32 rows to happen.
  func sum(ofTerm expression: String) -> String {
    switch self {
    case .postgreSQL: "sum(cast(\(expression) as integer))"
    case .questDB: "sum(\(expression))"
    }
  }
}
