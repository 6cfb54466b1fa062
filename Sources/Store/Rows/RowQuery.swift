import FleetSpec

/// Fetches rows, in no particular order and in constant memory.
public struct RowQuery: Sendable {
  public let mapping: TableMapping
  /// The statements that together give every row once.
  public let statements: [String]

  private init(mapping: TableMapping, statements: [String]) {
    self.mapping = mapping
    self.statements = statements
  }

  /// The rows whose timestamp lies within the range.
  /// - Throws: `StoreError.invalidRequest` when the mapping lacks a column that the choice needs.
  public static func within(
    _ range: TimeRange, _ identities: IdentityFilter, arrived: TimeRange? = nil, mapping: TableMapping
  ) throws(StoreError) -> RowQuery {
    try select(mapping.isWithin(range), identities, arrived, mapping)
  }

  /// The rows whose timestamp lies outside the range or is missing: strays of a run, when its identities and the time of arrival choose it.
  /// - Throws: `StoreError.invalidRequest` when the mapping lacks a column that the choice needs.
  public static func outside(
    _ range: TimeRange, _ identities: IdentityFilter, arrived: TimeRange? = nil, mapping: TableMapping
  ) throws(StoreError) -> RowQuery {
    try select(mapping.isOutside(range), identities, arrived, mapping)
  }

  /// Lends every row.
  /// - Throws: `StoreError`, or what `body` throws.
  public func forEachRow(on connection: StoreConnection, _ body: (borrowing StoredRow) throws -> Void) throws {
    for statement in statements {
      try connection.forEachRow(statement) { row in
        try body(StoredRow(row: Row(result: row.result, line: row.line), mapping: mapping))
      }
    }
  }

  private static func select(
    _ time: String, _ identities: IdentityFilter, _ arrived: TimeRange?, _ mapping: TableMapping
  ) throws(StoreError) -> RowQuery {
    let timestamp = mapping.store.timestampUnit == .timestamp ? mapping.timestamp : mapping.dialect.integer(mapping.timestamp)
    var columns = ["\(timestamp) as event_time"]
    columns += mapping.attributes.enumerated().map { "\($1) as attribute_\($0)" }
    columns += mapping.ingestedAt.map { ["\($0) as arrival"] } ?? []
    if let sequence = mapping.store.identity.sequence { columns.append("\(mapping.columns.natural(sequence)) as message") }
    if let eventID = mapping.store.identity.eventID { columns.append("\(mapping.columns.text(eventID)) as message") }
    let arrival = try arrived.map { range throws(StoreError) in try mapping.hasArrived(within: range) }
    var statements: [String] = []
    for source in mapping.sources {
      let sensor =
        source.suffix.isEmpty ? source.key : mapping.columns.joined([source.key, try mapping.dialect.text(source.suffix)])
      let value = mapping.store.tolerance.expression(source.value, mapping.dialect)
      let all = ["\(sensor) as sensor_id", "\(value) as reading"] + columns
      for identity in try identities.conditions(source, mapping) {
        let conditions = TableMapping.all([time, source.condition, arrival, identity])
        statements.append("select \(all.joined(separator: ", ")) from \(source.table) where \(conditions)")
      }
    }
    return RowQuery(mapping: mapping, statements: statements)
  }
}
