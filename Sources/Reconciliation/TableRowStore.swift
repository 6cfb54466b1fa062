import FleetSpec
import Store

/// A real table as a `RowStore`.
public final class TableRowStore: RowStore {
  private let connection: StoreConnection
  private let mapping: TableMapping

  public init(_ connection: StoreConnection, _ store: StoreMapping) {
    self.connection = connection
    mapping = TableMapping(store, dialect: connection.dialect)
  }

  public var knowsArrivals: Bool { mapping.ingestedAt != nil }

  public private(set) lazy var findsByTime: Bool = {
    // A doubt costs time only: everything is then asked for in one pass.
    (try? TimeIndex.exists(for: mapping, on: connection)) ?? false
  }()

  public var findsStretches: Bool { mapping.dialect == .postgreSQL }

  public func interrupt() { connection.canceller?.cancel() }

  public func rowCount(in window: StoreWindow) throws -> Int64 {
    try DrainProbe(range(window), mapping: mapping).observe(on: connection).rowCount
  }

  public func digests(in window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, _ body: (BucketDigest) throws -> Void) throws {
    let query = try DigestQuery(
      range(window), buckets: DigestBuckets(origin: window.from * 1_000, length: bucket * 1_000), keys: keys, mapping: mapping)
    try query.forEachRow(on: connection) { row in
      var constants: [String?] = []
      for index in 0..<row.attributeCount { constants.append(try row.attribute(index)) }
      try body(
        BucketDigest(
          sensorID: try row.sensorID ?? "", constants: constants, bucket: Int(row.bucket), count: row.count, first: row.first,
          second: row.second))
    }
  }

  public func allRows(in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    try RowQuery.within(range(window), .everything, mapping: mapping).forEachRow(on: connection) { try body(Self.copy($0)) }
  }

  public func rows(of sensorIDs: [String], in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    try RowQuery.within(range(window), .sensorIDs(sensorIDs), mapping: mapping).forEachRow(on: connection) { try body(Self.copy($0)) }
  }

  public func rows(in stretches: [SensorStretch], _ body: (TableRow) throws -> Void) throws {
    let list = stretches.map { (sensorID: $0.sensorID, range: TimeRange(from: $0.from * 1_000, to: $0.to * 1_000)) }
    try RowQuery.stretches(list, mapping: mapping).forEachRow(on: connection) { try body(Self.copy($0)) }
  }

  public func rowsOutside(_ window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    let arrived = TimeRange(from: window.arrivedFrom * 1_000, to: window.arrivedUntil * 1_000)
    try RowQuery.outside(range(window), .everything, arrived: arrived, mapping: mapping).forEachRow(on: connection) {
      try body(Self.copy($0))
    }
  }

  private func range(_ window: StoreWindow) -> TimeRange { TimeRange(from: window.from * 1_000, to: window.to * 1_000) }

  private static func copy(_ row: borrowing StoredRow) throws -> TableRow {
    var attributes: [String?] = []
    for index in 0..<row.attributeCount { attributes.append(try row.attribute(index)) }
    return TableRow(
      sensorID: try row.sensorID ?? "", timestampMicroseconds: try row.timestampMicroseconds ?? .min, value: try row.value,
      attributes: attributes, ingestedAtMicroseconds: try row.ingestedAtMicroseconds)
  }
}
