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
    let statement = """
      select \(columns(mapping)) from \(mapping.table) \
      join (values \(values.joined(separator: ", "))) as wanted (wanted_sensor, wanted_from, wanted_to) \
      on \(mapping.sensorID) = wanted_sensor and \(mapping.timestamp) >= wanted_from and \(mapping.timestamp) < wanted_to
      """
    return RowQuery(mapping: mapping, statements: [statement])
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

  private static func columns(_ mapping: TableMapping) -> String {
    let timestamp = mapping.store.timestampUnit == .timestamp ? mapping.timestamp : mapping.dialect.integer(mapping.timestamp)
    var columns = ["\(mapping.sensorID) as sensor_id", "\(timestamp) as event_time", "\(mapping.value) as reading"]
    columns += mapping.attributes.enumerated().map { "\($1) as attribute_\($0)" }
    columns += mapping.ingestedAt.map { ["\($0) as arrival"] } ?? []
    return columns.joined(separator: ", ")
  }

  private static func select(
    _ time: String, _ identities: IdentityFilter, _ arrived: TimeRange?, _ mapping: TableMapping
  ) throws(StoreError) -> RowQuery {
    let arrival = try arrived.map { range throws(StoreError) in try mapping.hasArrived(within: range) }
    let statements = try identities.conditions(mapping).map { identity in
      let conditions = [time, arrival, identity].compactMap { $0 }.joined(separator: " and ")
      return "select \(columns(mapping)) from \(mapping.table) where \(conditions)"
    }
    return RowQuery(mapping: mapping, statements: statements)
  }
}
