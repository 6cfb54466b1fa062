import FleetSpec

/// SQL expressions for what Heliograph needs of a table, whatever the table looks like. Every identifier is quoted.
public struct TableMapping: Sendable {
  public let store: StoreMapping
  public let dialect: Dialect
  /// The table, quoted.
  public let table: String
  /// The timestamp column, quoted.
  public let timestamp: String
  /// Microseconds since 1970 as a whole number. Only for rows whose timestamp is within a sane range: with other units it may overflow.
  public let timestampMicroseconds: String
  /// The compared attributes in file order, as texts.
  public let attributes: [String]
  /// The time of arrival's column, quoted, when the table has one.
  public let ingestedAt: String?
  /// The time of arrival in microseconds since 1970, when the table has one.
  public let ingestedAtMicroseconds: String?
  /// The table as rows of single readings.
  let sources: [RowSource]
  /// What tells which rows of a shared table are looked at; nil when all are.
  let filter: String?
  let columns: ColumnExpressions

  /// - Parameter columns: what the catalogue says about the table. Without it, columns are taken for what the mapping needs.
  /// - Throws: `StoreError.invalidRequest` when the mapping asks for something that the columns cannot mean.
  public init(_ store: StoreMapping, dialect: Dialect, columns: [ColumnDescription] = []) throws(StoreError) {
    self.store = store
    self.dialect = dialect
    let expressions = ColumnExpressions(dialect: dialect, columns: columns)
    self.columns = expressions
    table = dialect.table(store.table)
    let column = dialect.identifier(store.timestampColumn)
    timestamp = column
    timestampMicroseconds =
      switch store.timestampUnit {
      case .timestamp: dialect.microseconds(ofTimestamp: column)
      case .microseconds: dialect.integer(column)
      case .milliseconds: "\(dialect.integer(column)) * 1000"
      case .seconds: "\(dialect.integer(column)) * 1000000"
      case .nanoseconds: "\(dialect.integer(column)) / 1000"
      }
    attributes = store.attributes.map { expressions.text($0.reference) }
    ingestedAt = store.ingestedAtColumn.map(dialect.identifier)
    ingestedAtMicroseconds = ingestedAt.map(dialect.microseconds(ofTimestamp:))
    var conditions: [String] = []
    for item in store.filter { conditions.append(try expressions.isOne(of: item.values, item.column)) }
    filter = conditions.isEmpty ? nil : conditions.joined(separator: " and ")
    sources = try Self.sources(store, expressions, table: table, filter: filter)
  }

  /// Looks up the columns' types in the catalogue; a table that is not there shows when it is asked for rows.
  /// - Throws: `StoreError`.
  public init(_ store: StoreMapping, on connection: StoreConnection) throws {
    let columns = try ColumnCatalogue(connection: connection).describe(store.table)?.columns ?? []
    try self.init(store, dialect: connection.dialect, columns: columns)
  }

  /// The attributes that are the same in every reading of a sensor: all but the quality.
  public var constantAttributes: [(field: AttributeMapping.Field, expression: String)] {
    zip(store.attributes, attributes).compactMap { $0.field == .quality ? nil : ($0.field, $1) }
  }

  /// The quality as a text, when it is mapped.
  public var quality: String? {
    zip(store.attributes, attributes).first { $0.0.field == .quality }?.1
  }

  /// True for rows whose timestamp lies within the range. It compares the bare column, so that indexes and partitions are used.
  public func isWithin(_ range: TimeRange) -> String {
    "\(timestamp) >= \(bound(range.from)) and \(timestamp) < \(bound(range.to))"
  }

  /// True for rows whose timestamp lies outside the range or is missing.
  func isOutside(_ range: TimeRange) -> String {
    "(\(timestamp) < \(bound(range.from)) or \(timestamp) >= \(bound(range.to)) or \(timestamp) is null)"
  }

  /// The least that a column of the timestamp's kind holds at an instant or later.
  func bound(_ microseconds: Int64) -> String {
    store.timestampUnit == .timestamp
      ? dialect.timestamp(microseconds: microseconds) : String(store.timestampUnit.bound(microseconds: microseconds))
  }

  /// True for rows that arrived within the range; rows without a time of arrival are left out.
  /// - Throws: `StoreError.invalidRequest` when the table has no such column.
  func hasArrived(within range: TimeRange) throws(StoreError) -> String {
    guard let ingestedAt else {
      throw .invalidRequest("rows cannot be chosen by arrival: the fleet file maps no column `ingested_at` of \(store.table)")
    }
    return
      "\(ingestedAt) >= \(dialect.timestamp(microseconds: range.from)) and \(ingestedAt) < \(dialect.timestamp(microseconds: range.to))"
  }

  /// Conditions, all of which hold, of a statement on a source.
  static func all(_ conditions: [String?]) -> String { conditions.compactMap { $0 }.joined(separator: " and ") }
}
