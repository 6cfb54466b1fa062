/// What the store holds of a run at one moment. When it stays the same for long enough, the store has caught up.
public struct DrainObservation: Sendable, Equatable {
  /// Rows within the window; in a wide table the values in them.
  public let rowCount: Int64
  /// The latest arrival among them in microseconds since 1970; nil when there is none, or when the table does not tell.
  public let latestArrival: Int64?
}

/// Looks how far the store has got. The caller repeats it until nothing changes any more.
public struct DrainProbe: Sendable {
  public let mapping: TableMapping
  private let statements: [String]

  /// - Throws: `StoreError.invalidRequest` when the mapping lacks a column that the choice needs.
  public init(_ window: TimeRange, _ identities: IdentityFilter = .everything, mapping: TableMapping) throws(StoreError) {
    self.mapping = mapping
    let latest = mapping.ingestedAt.map { ", max(\($0)) as latest_arrival" } ?? ""
    var statements: [String] = []
    for source in mapping.sources {
      for identity in try identities.conditions(source, mapping) {
        let conditions = TableMapping.all([mapping.isWithin(window), source.condition, identity])
        statements.append("select count(*) as row_count\(latest) from \(source.table) where \(conditions)")
      }
    }
    self.statements = statements
  }

  /// Waits until acknowledged rows are visible (QuestDB), then counts.
  /// - Throws: `StoreError`, among them `.suspended`.
  public func observe(on connection: StoreConnection) throws -> DrainObservation {
    try WriteAheadLog.wait(forTable: mapping.store.table, on: connection)
    var rowCount: Int64 = 0
    var latestArrival: Int64?
    for statement in statements {
      try connection.forEachRow(statement) { row in
        rowCount += try row.integer(0) ?? 0
        guard mapping.ingestedAt != nil, let arrival = try row.timestampMicroseconds(1) else { return }
        latestArrival = max(latestArrival ?? arrival, arrival)
      }
    }
    return DrainObservation(rowCount: rowCount, latestArrival: latestArrival)
  }
}
