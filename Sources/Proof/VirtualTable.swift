import Reconciliation

/// A row and where it came from.
struct TrackedRow {
  var row: TableRow
  /// Who measured what it shows, or -1 for a row that nobody measured.
  var device: Int
  var seq: Int64
  /// The site that made it what it is.
  var cause: FaultSite?
  /// False for rows of other fleets and other runs.
  var isOurs = true

  /// As a table has it that does not tell when rows arrived.
  var withoutArrival: TrackedRow {
    var copy = self
    copy.row.ingestedAtMicroseconds = nil
    return copy
  }
}

/// The table that the virtual pipeline fills; it remembers where each row came from.
struct VirtualTable {
  private(set) var rows: [TrackedRow] = []
  /// Whether a row replaces an earlier one at the same key.
  let upserts: Bool
  private var byKey: [RowKey: Int] = [:]

  init(upserts: Bool) { self.upserts = upserts }

  /// Returns the row that was replaced.
  @discardableResult
  mutating func insert(_ row: TrackedRow) -> TrackedRow? {
    guard upserts else {
      rows.append(row)
      return nil
    }
    let key = RowKey(sensorID: row.row.sensorID, microseconds: row.row.timestampMicroseconds)
    if let index = byKey[key] {
      let older = rows[index]
      rows[index] = row
      return older
    }
    byKey[key] = rows.count
    rows.append(row)
    return nil
  }
}
