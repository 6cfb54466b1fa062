import FleetSpec
import Reconciliation
import Store

/// A table in memory that digests its rows with the same terms as SQL does; the real engines are tested in StoreTests.
final class MemoryStore: RowStore {
  var rows: [TableRow] = []
  /// Where quality stands among the attributes.
  let qualityPosition: Int?
  let knowsArrivals: Bool
  /// Rows that become visible one by one with each count, as in a store that catches up.
  var invisible: [TableRow] = []
  var findsByTime = false
  var findsStretches = false
  /// How often rows were asked for.
  private(set) var queries = 0
  /// How often rows were counted.
  private(set) var counted = 0

  init(qualityPosition: Int?, knowsArrivals: Bool = true) {
    self.qualityPosition = qualityPosition
    self.knowsArrivals = knowsArrivals
  }

  private func isInside(_ row: TableRow, _ window: StoreWindow) -> Bool {
    row.timestampMicroseconds >= window.from * 1_000 && row.timestampMicroseconds < window.to * 1_000
  }

  func rowCount(in window: StoreWindow) throws -> Int64 {
    counted += 1
    if let row = invisible.popLast() { rows.append(row) }
    return Int64(rows.filter { isInside($0, window) }.count)
  }

  func digests(in window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, _ body: (BucketDigest) throws -> Void) throws {
    struct Group: Hashable {
      var sensorID: String
      var constants: [String?]
      var bucket: Int
    }
    var groups: [Group: (count: Int64, first: Int64, second: Int64)] = [:]
    for row in rows where isInside(row, window) {
      var constants = row.attributes
      var quality = 1
      if let qualityPosition { quality = QualityCode.code(constants.remove(at: qualityPosition)) }
      let group = Group(
        sensorID: row.sensorID, constants: constants,
        bucket: Int((row.timestampMicroseconds - window.from * 1_000) / (bucket * 1_000)))
      let terms = keys.terms(
        timestampMicroseconds: row.timestampMicroseconds, value: row.value ?? .nan, quality: quality, message: row.message)
      let sum = groups[group] ?? (0, 0, 0)
      groups[group] = (sum.count + 1, sum.first + terms.0, sum.second + terms.1)
    }
    for (group, sum) in groups {
      try body(
        BucketDigest(
          sensorID: group.sensorID, constants: group.constants, bucket: group.bucket, count: sum.count, first: sum.first, second: sum.second
        ))
    }
  }

  func allRows(in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    queries += 1
    for row in rows where isInside(row, window) { try body(row) }
  }

  func rows(of sensorIDs: [String], in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    queries += 1
    let wanted = Set(sensorIDs)
    for row in rows where wanted.contains(row.sensorID) && isInside(row, window) { try body(row) }
  }

  func rows(in stretches: [SensorStretch], _ body: (TableRow) throws -> Void) throws {
    queries += 1
    let bySensor = Dictionary(grouping: stretches, by: \.sensorID)
    for row in rows {
      for stretch in bySensor[row.sensorID] ?? []
      where row.timestampMicroseconds >= stretch.from * 1_000 && row.timestampMicroseconds < stretch.to * 1_000 { try body(row) }
    }
  }

  func rowsOutside(_ window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    for row in rows where !isInside(row, window) { try body(row) }
  }
}
