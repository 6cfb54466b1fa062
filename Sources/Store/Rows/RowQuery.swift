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
    var columns = ["\(mapping.sensorID) as sensor_id", "\(timestamp) as event_time", "\(mapping.value) as reading"]
    columns += mapping.attributes.enumerated().map { "\($1) as attribute_\($0)" }
    columns += mapping.ingestedAt.map { ["\($0) as arrival"] } ?? []
    let arrival = try arrived.map { range throws(StoreError) in try mapping.hasArrived(within: range) }
    let statements = try identities.conditions(mapping).map { identity in
      let conditions = [time, arrival, identity].compactMap { $0 }.joined(separator: " and ")
      return "select \(columns.joined(separator: ", ")) from \(mapping.table) where \(conditions)"
    }
    return RowQuery(mapping: mapping, statements: statements)
  }
}
