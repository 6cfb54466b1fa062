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

  /// The rows of stretches of single sensors, which must not overlap. One statement, as PostgreSQL joins with lists of any length.
  /// - Throws: `StoreError.invalidRequest` for a text that cannot stand in a statement.
  public static func stretches(
    _ stretches: [(sensorID: String, range: TimeRange)], mapping: TableMapping
  ) throws(StoreError) -> RowQuery {
    guard !stretches.isEmpty else { return RowQuery(mapping: mapping, statements: []) }
    var values: [String] = []
    for stretch in stretches {
      let id = try mapping.dialect.text(stretch.sensorID)
      values.append("(cast(\(id) as text), \(mapping.bound(stretch.range.from)), \(mapping.bound(stretch.range.to)))")
    }
    let list = values.joined(separator: ", ")
    let statements = try mapping.sources.map { source throws(StoreError) in
      """
      select \(try columns(source, mapping)) from \(source.table) \
      join (values \(list)) as wanted (wanted_sensor, wanted_from, wanted_to) \
      on \(source.key) = wanted_sensor and \(mapping.timestamp) >= wanted_from and \(mapping.timestamp) < wanted_to\
      \(source.condition.map { " where \($0)" } ?? "")
      """
    }
    return RowQuery(mapping: mapping, statements: statements)
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

  private static func columns(_ source: RowSource, _ mapping: TableMapping) throws(StoreError) -> String {
    let timestamp = mapping.store.timestampUnit == .timestamp ? mapping.timestamp : mapping.dialect.integer(mapping.timestamp)
    let sensor = source.suffix.isEmpty ? source.key : mapping.columns.joined([source.key, try mapping.dialect.text(source.suffix)])
    let value = mapping.store.tolerance.expression(source.value, mapping.dialect)
    var columns = ["\(sensor) as sensor_id", "\(value) as reading", "\(timestamp) as event_time"]
    columns += mapping.attributes.enumerated().map { "\($1) as attribute_\($0)" }
    columns += mapping.ingestedAt.map { ["\($0) as arrival"] } ?? []
    if let sequence = mapping.store.identity.sequence { columns.append("\(mapping.columns.natural(sequence)) as message") }
    if let eventID = mapping.store.identity.eventID { columns.append("\(mapping.columns.text(eventID)) as message") }
    return columns.joined(separator: ", ")
  }

  private static func select(
    _ time: String, _ identities: IdentityFilter, _ arrived: TimeRange?, _ mapping: TableMapping
  ) throws(StoreError) -> RowQuery {
    let arrival = try arrived.map { range throws(StoreError) in try mapping.hasArrived(within: range) }
    var statements: [String] = []
    for source in mapping.sources {
      let columns = try columns(source, mapping)
      for identity in try identities.conditions(source, mapping) {
        statements.append("select \(columns) from \(source.table) where \(TableMapping.all([time, source.condition, arrival, identity]))")
      }
    }
    return RowQuery(mapping: mapping, statements: statements)
  }
}
