import FleetSpec

/// Fetches every row that has to be looked at, and puts it aside with its device.
extension Reconciler {
  func gather() throws {
    guard !position.isGathered else { return }
    try gather(0, collectRowsOutside)
    try gather(1, fetchOutliers)
    let plan = fetchPlan
    var seen: Int64 = 0
    for (number, batch) in plan.batches.enumerated() { try gather(number + 2) { try fetch(batch, of: plan, &seen) } }
    position.isGathered = true
    try pass(position)
  }

  /// Puts the rows of a query aside, unless that is done already.
  private func gather(_ number: Int, _ ask: () throws -> Void) throws {
    guard number >= position.gathered else { return }
    let before = (work, foreignSensors, spill.mark)
    do {
      try ask()
    } catch {
      // Rows that were put aside once must not be a second time.
      (work, foreignSensors) = (before.0, before.1)
      try spill.goBack(to: before.2)
      throw error
    }
    position.gathered = number + 1
    try pass(position)
  }

  /// Rows that arrived during the run under an event time far from it.
  private func collectRowsOutside() throws {
    // Nobody can tell which part of a run a row belongs to that stands far outside of it.
    guard store.knowsArrivals, part == nil, mutation != .ignoresRowsOutside else { return }
    try store.rowsOutside(arrivalUnit.asStored(window)) { row in
      work.rowsFetched += 1
      guard let sensor = sensors.number(of: row.sensorID) else {
        countUnknown(row.sensorID, 1)
        return
      }
      try putAside(row, sensor, .outside)
    }
  }

  /// Devices whose outliers are asked for with one query for each stretch of time.
  private static let devicesPerFetch = 1_000

  /// The rows at and around readings whose timestamps lie outside all buckets, those of other runs left out.
  private func fetchOutliers() throws {
    let affected = world.devices.indices.filter { outliers.has(device: $0) }
    for from in stride(from: 0, to: affected.count, by: Self.devicesPerFetch) {
      let devices = Array(affected[from..<min(from + Self.devicesPerFetch, affected.count)])
      let ids = devices.flatMap { sensors.range(of: $0).flatMap { sensors.allIDs(of: $0) } }
      for stretch in outliers.stretches(of: devices) {
        var part = window
        part.from = stretch.lowerBound
        part.to = stretch.upperBound + 1
        try store.rows(of: ids, in: part) { row in
          work.rowsFetched += 1
          guard let sensor = sensors.number(of: row.sensorID), !arrivedInAnotherRun(row.ingestedAtMicroseconds) else { return }
          try putAside(row, sensor, .far)
        }
      }
    }
  }

  /// The queries for the rows of all disagreeing buckets.
  private var fetchPlan: FetchPlan {
    let access: FetchPlan.Access = store.findsStretches ? .byStretches : store.findsByTime ? .byTime : .onePass
    return FetchPlan(table, access: access, rowsPerBucket: rowsPerBucket)
  }

  private var rowsPerBucket: Double { Double(counts.readings) / Double(max(1, work.buckets)) }

  private func fetch(_ batch: FetchPlan.Batch, of plan: FetchPlan, _ seen: inout Int64) throws {
    let expected = Int64(Double(plan.cells) * rowsPerBucket)
    var count = seen
    defer { seen = count }
    try ask(batch) { row in
      work.rowsFetched += 1
      count += 1
      if count & 0xFFFF == 1 { onStage?(.fetching(rows: count, of: max(count, expected))) }
      guard let sensor = sensors.number(of: row.sensorID), isJudged(sensor, row.timestampMicroseconds) else { return }
      try putAside(row, sensor, .inside)
    }
  }

  private func ask(_ batch: FetchPlan.Batch, _ body: (TableRow) throws -> Void) throws {
    switch batch {
    case .everything(let buckets): try store.allRows(in: window(of: buckets), body)
    case .sensors(let named, let buckets):
      try store.rows(of: named.flatMap { sensors.allIDs(of: $0) }, in: window(of: buckets), body)
    case .stretches(let list):
      let stretches = list.flatMap { stretch in
        let part = window(of: stretch.buckets)
        return sensors.allIDs(of: stretch.sensor).map { SensorStretch(sensorID: $0, from: part.from, to: part.to) }
      }
      try store.rows(in: stretches, body)
    }
  }

  private func putAside(_ row: TableRow, _ sensor: Int, _ place: RowRecord.Place) throws {
    if spill.count & 0xFFF == 0 { try stopIfAsked() }
    let (record, texts) = sensors.record(row, sensor: sensor, place: place)
    try spill.add(record, texts, toPartition: spill.partition(ofDevice: Int(sensors.devices[sensor])))
  }

  /// Whether a row, or reading, lies in a bucket that is judged row by row.
  func isJudged(_ sensor: Int, _ microseconds: Int64) -> Bool {
    // Division rounds towards zero; the row's millisecond is the one that it began in.
    let milliseconds = microseconds >= 0 ? microseconds / 1_000 : (microseconds - 999) / 1_000
    guard let bucket = table.bucketIndex(milliseconds) else { return false }
    return !table[sensor, bucket].agrees
  }
}
