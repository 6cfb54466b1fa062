import FleetSpec
import Store

/// A table in memory that digests its rows with the same terms as SQL does: for virtual runs and tests. The real engines are tested in StoreTests.
public final class MemoryStore: RowStore {
  public var rows: [TableRow] = []
  /// Where quality stands among the attributes.
  private let qualityPosition: Int?
  public let knowsArrivals: Bool
  /// Rows that become visible one by one with each count, as in a store that catches up.
  public var invisible: [TableRow] = []
  public var findsByTime = false
  public var findsStretches = false
  /// How often rows were asked for.
  public private(set) var queries = 0
  /// How often rows were counted.
  public private(set) var counted = 0

  /// - Parameters:
  ///   - qualityPosition: where quality stands among the compared attributes; nil when it is not compared.
  ///   - knowsArrivals: whether the table tells when a row arrived.
  public init(qualityPosition: Int?, knowsArrivals: Bool = true) {
    self.qualityPosition = qualityPosition
    self.knowsArrivals = knowsArrivals
  }

  private func isInside(_ row: TableRow, _ window: StoreWindow) -> Bool {
    row.timestampMicroseconds >= window.from * 1_000 && row.timestampMicroseconds < window.to * 1_000
  }

  public func rowCount(in window: StoreWindow) throws -> Int64 {
    counted += 1
    if let row = invisible.popLast() { rows.append(row) }
    return Int64(rows.filter { isInside($0, window) }.count)
  }

  public func digests(in window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, _ body: (BucketDigest) throws -> Void) throws {
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

  public func allRows(in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    queries += 1
    for row in rows where isInside(row, window) { try body(row) }
  }

  public func rows(of sensorIDs: [String], in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    queries += 1
    let wanted = Set(sensorIDs)
    for row in rows where wanted.contains(row.sensorID) && isInside(row, window) { try body(row) }
  }

  public func rows(in stretches: [SensorStretch], _ body: (TableRow) throws -> Void) throws {
    queries += 1
    let bySensor = Dictionary(grouping: stretches, by: \.sensorID)
    for row in rows {
      for stretch in bySensor[row.sensorID] ?? []
      where row.timestampMicroseconds >= stretch.from * 1_000 && row.timestampMicroseconds < stretch.to * 1_000 { try body(row) }
    }
  }

  public func rowsOutside(_ window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    for row in rows where !isInside(row, window) { try body(row) }
  }
}
