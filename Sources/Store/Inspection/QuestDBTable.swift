/// What QuestDB's catalogue says about a table beyond its columns.
public struct QuestDBTable: Sendable, Equatable {
  public let hasWriteAheadLog: Bool
  /// The column by which rows are stored and partitioned; nil when there is none.
  public let designatedTimestamp: String?
  /// Rows this much older than the newest one are dropped, in microseconds; nil when none are.
  public let timeToLive: Int64?
  /// As the catalogue says it, such as `2 WEEK`.
  public let timeToLiveText: String
  /// The earliest and latest timestamps of all rows, in microseconds since 1970; nil in an empty table.
  public let earliest: Int64?
  public let latest: Int64?
  /// The server's clock, in microseconds since 1970.
  public let now: Int64
  /// Rows that are acknowledged and not yet visible.
  public let pendingRows: Int64
  /// Rows that deduplication has replaced since the server started.
  public let replacedRows: Int64
  /// A view that follows another table with a delay of its own.
  public let isMaterializedView: Bool

  static func read(_ table: String, on connection: StoreConnection) throws -> QuestDBTable? {
    // Only what the running version has is asked for: releases add columns, and rename them.
    var known: Set<String> = []
    try connection.forEachRow("select * from tables() where table_name = \(try connection.dialect.text(table))") { row in
      for column in 0..<row.columnCount { known.insert(row.name(column)) }
    }
    guard !known.isEmpty else { return nil }
    func column(_ name: String, _ otherwise: String) -> String { known.contains(name) ? "\"\(name)\"" : otherwise }
    let rows = try connection.query(
      """
      select \(column("walEnabled", "false")), \(column("designatedTimestamp", "''")), \(column("ttlValue", "0")), \
      \(column("ttlUnit", "''")), \(column("table_min_timestamp", "cast(null as timestamp)")), \
      \(column("table_max_timestamp", "cast(null as timestamp)")), now(), \(column("wal_pending_row_count", "cast(0 as long)")), \
      \(column("wal_dedup_row_count_since_start", "cast(0 as long)")), \(column("matView", "false")) \
      from tables() where table_name = \(try connection.dialect.text(table))
      """)
    guard let row = rows.first else { return nil }
    let unit = row[3].text ?? ""
    let count = row[2].integer ?? 0
    return QuestDBTable(
      hasWriteAheadLog: row[0] == .integer(1), designatedTimestamp: row[1].text.flatMap { $0.isEmpty ? nil : $0 },
      timeToLive: count > 0 ? microseconds(count, unit) : nil, timeToLiveText: "\(count) \(unit)", earliest: instant(row[4]),
      latest: instant(row[5]), now: instant(row[6]) ?? 0, pendingRows: row[7].integer ?? 0, replacedRows: row[8].integer ?? 0,
      isMaterializedView: row[9] == .integer(1))
  }

  private static func instant(_ value: StoreValue) -> Int64? {
    guard case .timestamp(let microseconds) = value else { return nil }
    return microseconds
  }

  /// Months and years as the longest that they can be: a warning too few is better than a wrong one.
  private static func microseconds(_ count: Int64, _ unit: String) -> Int64 {
    let hour: Int64 = 3_600_000_000
    let hours: [String: Int64] = ["HOUR": 1, "DAY": 24, "WEEK": 168, "MONTH": 744, "YEAR": 8_784]
    return count.multipliedReportingOverflow(by: (hours[unit] ?? 8_784) * hour).partialValue
  }
}
