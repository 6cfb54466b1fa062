/// How long rows took from their timestamp to their arrival, counted inside the store by stretch of event time and by duration.
public struct ArrivalQuery: Sendable {
  /// Rows of one stretch whose latencies lie close together.
  public struct Group: Sendable, Equatable {
    /// From 0, counted from the beginning of the range.
    public let stretch: Int64
    /// The longest latency of any row of the group, in microseconds; negative when the device's clock was ahead of the store's.
    public let longest: Int64
    public let count: Int64
  }

  public let statement: String

  /// Latencies of one group differ by less than 9 %.
  private static let groupsPerOctave = 8

  /// - Parameters:
  ///   - range: of event time, in microseconds since 1970.
  ///   - length: of a stretch in microseconds, above 0.
  ///   - arrived: rows that arrived outside of it are left out.
  /// - Returns: nil when the table does not tell arrivals.
  /// - Throws: `StoreError.invalidRequest` when the mapping cannot say so.
  public init?(_ range: TimeRange, every length: Int64, arrived: TimeRange, mapping: TableMapping) throws(StoreError) {
    guard let arrival = mapping.ingestedAtMicroseconds else { return nil }
    let stretch = mapping.dialect.integer("(\(mapping.timestampMicroseconds) - \(range.from)) / \(length)")
    let latency = "\(arrival) - \(mapping.timestampMicroseconds)"
    let conditions = TableMapping.all([mapping.isWithin(range), try mapping.hasArrived(within: arrived), mapping.filter])
    // Both engines know log(x), to different bases: a quotient has none.
    let octave = "log(\(mapping.dialect.double("latency"))) / log(\(mapping.dialect.double("2")))"
    let group = mapping.dialect.integer("floor(\(octave) * \(Self.groupsPerOctave))")
    statement = """
      select stretch, latency_group, max(latency) as longest, count(*) as row_count from (
        select stretch, latency, case when latency < 1 then -1 else \(group) end as latency_group from (
          select \(stretch) as stretch, \(latency) as latency from \(mapping.table) where \(conditions)
        ) as arrivals
      ) as groups group by stretch, latency_group
      """
  }

  /// Calls `body` with each group, in no particular order.
  /// - Throws: `StoreError`, or what `body` throws.
  public func forEachGroup(on connection: StoreConnection, _ body: (Group) throws -> Void) throws {
    try connection.forEachRow(statement) { row in
      guard let stretch = try row.integer(0), let longest = try row.integer(2), let count = try row.integer(3) else { return }
      try body(Group(stretch: stretch, longest: longest, count: count))
    }
  }
}
