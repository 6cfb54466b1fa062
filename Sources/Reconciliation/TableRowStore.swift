import FleetSpec
import Store
import World

/// A real table as a `RowStore`.
public final class TableRowStore: RowStore {
  private let connection: StoreConnection
  private let mapping: TableMapping
  /// Puts sensors to rows that do not tell theirs; nil where every row does.
  private let directory: SensorDirectory?

  /// - Parameter world: the run's; needed where rows do not tell their sensor, or where a column has sensors of different names.
  /// - Throws: `StoreError`, also when the mapping needs a world that is not given.
  public init(_ connection: StoreConnection, _ store: StoreMapping, world: World? = nil) throws {
    self.connection = connection
    mapping = try TableMapping(store, on: connection)
    let needsDirectory = SensorDirectory.isNeeded(for: store)
    if needsDirectory, world == nil {
      throw StoreError.invalidRequest("the rows of \(store.table) do not tell their sensor, and the run that would is not given")
    }
    if let world, !store.tellsSensor, store.identity.sequence != nil, let profile = world.fleet.profiles.first(where: \.resetsSequence) {
      throw StoreError.invalidRequest(
        "the rows of \(store.table) tell their reading by device and seq, but the firmware of \(profile.name) begins seq anew at every boot: "
          + "map event_id, or the sensor")
    }
    directory = needsDirectory ? world.map { SensorDirectory($0, store) } : nil
  }

  public var knowsArrivals: Bool { mapping.ingestedAt != nil }

  public private(set) lazy var findsByTime: Bool = {
    // A doubt costs time only: everything is then asked for in one pass.
    (try? TimeIndex.exists(for: mapping, on: connection)) ?? false
  }()

  /// Only where one column tells the sensor: else the join would have to put every row's identity together.
  public var findsStretches: Bool { mapping.dialect == .postgreSQL && mapping.store.identity.sensor?.path.isEmpty == true }

  public func interrupt() { connection.canceller?.cancel() }

  public func rowCount(in window: StoreWindow) throws -> Int64 {
    try DrainProbe(range(window), mapping: mapping).observe(on: connection).rowCount
  }

  public func digests(in window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, _ body: (BucketDigest) throws -> Void) throws {
    if let directory, directory.looksUpSensors {
      var sums = RowDigests(window: window, bucket: bucket, keys: keys, store: mapping.store)
      try allRows(in: window) { sums.add($0) }
      return try sums.forEach(body)
    }
    let query = try DigestQuery(
      range(window), buckets: DigestBuckets(origin: window.from * 1_000, length: bucket * 1_000), keys: keys, mapping: mapping)
    try query.forEachRow(on: connection) { row in
      var constants: [String?] = []
      for index in 0..<row.attributeCount { constants.append(try row.attribute(index)) }
      let sensorID = try row.sensorID ?? ""
      try body(
        BucketDigest(
          sensorID: directory?.sensorID(ofColumn: sensorID) ?? sensorID, constants: constants, bucket: Int(row.bucket), count: row.count,
          first: row.first, second: row.second))
    }
  }

  public func allRows(in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    try RowQuery.within(range(window), .everything, mapping: mapping).forEachRow(on: connection) { try body(try copy($0)) }
  }

  public func rows(of sensorIDs: [String], in window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    let asked = directory.map { directory in sensorIDs.map { directory.columnID(ofSensor: $0) } } ?? sensorIDs
    let wanted = directory?.looksUpSensors == true ? Set(sensorIDs) : []
    try RowQuery.within(range(window), .sensorIDs(asked), mapping: mapping).forEachRow(on: connection) {
      let row = try copy($0)
      // Rows that do not tell their sensor come for the whole device.
      if wanted.isEmpty || wanted.contains(row.sensorID) { try body(row) }
    }
  }

  public func rows(in stretches: [SensorStretch], _ body: (TableRow) throws -> Void) throws {
    let list = stretches.map { (sensorID: $0.sensorID, range: TimeRange(from: $0.from * 1_000, to: $0.to * 1_000)) }
    try RowQuery.stretches(list, mapping: mapping).forEachRow(on: connection) { try body(try copy($0)) }
  }

  public func rowsOutside(_ window: StoreWindow, _ body: (TableRow) throws -> Void) throws {
    let arrived = TimeRange(from: window.arrivedFrom * 1_000, to: window.arrivedUntil * 1_000)
    try RowQuery.outside(range(window), .everything, arrived: arrived, mapping: mapping).forEachRow(on: connection) {
      try body(try copy($0))
    }
  }

  private func range(_ window: StoreWindow) -> TimeRange { TimeRange(from: window.from * 1_000, to: window.to * 1_000) }

  private func copy(_ row: borrowing StoredRow) throws -> TableRow {
    var attributes: [String?] = []
    for index in 0..<row.attributeCount { attributes.append(try row.attribute(index)) }
    let key = try row.sensorID ?? ""
    let message = try message(of: row, key)
    return TableRow(
      sensorID: directory?.sensorID(ofRow: key, message: message) ?? key, timestampMicroseconds: try row.timestampMicroseconds ?? .min,
      value: try row.value, attributes: attributes, ingestedAtMicroseconds: try row.ingestedAtMicroseconds, message: message)
  }

  private func message(of row: borrowing StoredRow, _ key: String) throws -> Int64 {
    let identity = mapping.store.identity
    if identity.eventID != nil { return MessageCode.code(eventID: try row.eventID, of: String(key.prefix { $0 != "." })) }
    return identity.sequence == nil ? 0 : MessageCode.code(sequence: try row.sequence)
  }
}
