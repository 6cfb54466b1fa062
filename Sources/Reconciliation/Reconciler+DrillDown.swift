import FleetSpec
import Ledger
import World

/// Rows of the buckets that disagree, judged message by message.
extension Reconciler {
  /// Devices whose rows are fetched with one query.
  private static let devicesPerFetch = 64

  func drillDown() throws {
    // A twin is judged with its original: rows do not tell whose they are.
    let affected = world.devices.indices.filter { device in
      world.devices[device].twin == nil
        && (outliers.has(device: device) || devicesToTell.contains(device) || sensors.range(of: device).contains { table.disagrees($0) })
    }
    var done = 0
    while done < affected.count {
      onStage?(.fetching(device: done, of: affected.count))
      let chunk = Array(affected[done..<min(done + Self.devicesPerFetch, affected.count)])
      let rows = try fetch(chunk)
      let far = try fetchOutliers(chunk)
      for device in chunk { try judge(device, rows, far) }
      done += chunk.count
    }
  }

  /// The rows of all disagreeing buckets of some devices, by sensor.
  private func fetch(_ devices: [Int]) throws -> [Int: [TableRow]] {
    var ids: [String] = []
    var first = Int.max
    var last = -1
    for device in devices {
      for sensor in sensors.range(of: device) {
        guard let range = table.disagreement(sensor) else { continue }
        ids += sensors.allIDs(of: sensor)
        first = min(first, range.lowerBound)
        last = max(last, range.upperBound)
      }
    }
    guard !ids.isEmpty else { return [:] }
    var part = window
    part.from = table.origin + Int64(first) * table.bucket
    part.to = table.origin + Int64(last + 1) * table.bucket
    var rows: [Int: [TableRow]] = [:]
    try store.rows(of: ids, in: part) { row in
      work.rowsFetched += 1
      guard let sensor = sensors.number(of: row.sensorID), isJudged(sensor, row.timestampMicroseconds) else { return }
      rows[sensor, default: []].append(row)
    }
    return rows
  }

  /// Whether a row, or reading, lies in a bucket that is judged row by row.
  private func isJudged(_ sensor: Int, _ microseconds: Int64) -> Bool {
    // Division rounds towards zero; the row's millisecond is the one that it began in.
    let milliseconds = microseconds >= 0 ? microseconds / 1_000 : (microseconds - 999) / 1_000
    guard let bucket = table.bucketIndex(milliseconds) else { return false }
    return !table[sensor, bucket].agrees
  }

  private struct Expected {
    var reading: Reading
    var fate: Fate
    /// Who measured it: the device itself, or one of its clones.
    var device: Int
  }

  /// - Parameter far: rows around the outliers, by sensor.
  private func judge(_ device: Int, _ rows: [Int: [TableRow]], _ far: [Int: [TableRow]]) throws {
    let range = sensors.range(of: device)
    var expected = [[Expected]](repeating: [], count: range.count)
    var outside = expected
    for source in [device] + (clones[device] ?? []) {
      try forEachReading(of: source) { reading, fate in
        let sensor = range.lowerBound + Int(reading.sensor)
        let isOutlier = table.bucketIndex(reading.timestamp) == nil
        guard isOutlier || isJudged(sensor, reading.timestamp * 1_000) else {
          let verdict = contract.verdictOnAgreement(reading, fate)
          if verdict != .stored && fate.outcome != .beyond { try tell(reading, verdict, sensor, device, "") }
          return
        }
        if fate.outcome != .beyond { counts[contract.verdictOnAgreement(reading, fate)] -= 1 }
        let item = Expected(reading: reading, fate: fate, device: source)
        if isOutlier {
          outside[Int(reading.sensor)].append(item)
          outliers.look(at: RowKey(sensor: sensor, microseconds: reading.timestamp * 1_000))
        } else {
          expected[Int(reading.sensor)].append(item)
        }
      }
    }
    for index in expected.indices {
      let sensor = range.lowerBound + index
      try judge(expected[index], sensor: sensor, rows: rows[sensor] ?? [])
      guard !outside[index].isEmpty else { continue }
      // Which other rows out there are ours is known by their arrival alone; see `collectRowsOutside`.
      let atKeys = (far[sensor] ?? []).filter { outliers.keys.contains(RowKey(sensor: sensor, microseconds: $0.timestampMicroseconds)) }
      try judge(outside[index], sensor: sensor, rows: atKeys)
    }
  }

  /// Merges a sensor's readings and rows by timestamp.
  private func judge(_ expected: [Expected], sensor: Int, rows: [TableRow]) throws {
    // The sort is stable in what matters: readings with one timestamp are judged together.
    let readings = expected.sorted {
      ($0.reading.timestamp, $0.device, $0.reading.seq) < ($1.reading.timestamp, $1.device, $1.reading.seq)
    }
    let sorted = rows.sorted { $0.timestampMicroseconds < $1.timestampMicroseconds }
    var row = 0
    var index = 0
    while index < readings.count {
      let timestamp = readings[index].reading.timestamp
      var end = index + 1
      while end < readings.count && readings[end].reading.timestamp == timestamp { end += 1 }
      while row < sorted.count && sorted[row].timestampMicroseconds < timestamp * 1_000 {
        addStray(sorted[row], sensor)
        row += 1
      }
      let from = row
      while row < sorted.count && sorted[row].timestampMicroseconds == timestamp * 1_000 { row += 1 }
      if end - index == 1 {
        try judge(readings[index], sensor, sorted[from..<row])
      } else {
        try judgeCollision(Array(readings[index..<end]), sensor, Array(sorted[from..<row]))
      }
      index = end
    }
    while row < sorted.count {
      addStray(sorted[row], sensor)
      row += 1
    }
  }

  func addStray(_ row: TableRow, _ sensor: Int) {
    guard !isOfAnotherRun(row) else {
      work.foreignRows += 1
      return
    }
    strays.append(Stray(sensor: sensor, timestampMicroseconds: row.timestampMicroseconds, value: row.value))
  }

  /// Whether a row belongs to an earlier or later run of the same fleet in the same table.
  func isOfAnotherRun(_ row: TableRow) -> Bool {
    guard let arrival = row.ingestedAtMicroseconds, mutation != .takesOtherRuns else { return false }
    if arrival < facts.wallStart * 1_000 || arrival >= arrivedUntil * 1_000 { return true }
    // Stamped after this run, and arrived after both: what a device of a later run looks like.
    return arrival > facts.wallEnd * 1_000 && row.timestampMicroseconds >= window.to * 1_000
      && arrival >= row.timestampMicroseconds - Self.clockDifference
  }

  /// Microseconds by which the pipeline's clock may be behind a device's.
  private static let clockDifference: Int64 = 5_000_000

  private func judge(_ item: Expected, _ sensor: Int, _ rows: ArraySlice<TableRow>) throws {
    guard !rows.isEmpty else {
      miss(item, sensor)
      return
    }
    guard item.fate.mayHaveArrived else {
      // It never left the device, yet something stands at its key.
      for row in rows { addStray(row, sensor) }
      try conclude(item, contract.verdictOnAgreement(item.reading, item.fate), sensor, "")
      return
    }
    if contract.isExpectedToBeRejected(item.reading) {
      try conclude(item, .acceptedMalformed, sensor, "stored although its payload was malformed")
      return
    }
    let differences = rows.map { sensors.difference($0, sensor: sensor, reading: item.reading) }
    if rows.count > contract.allowedRows(item.fate) {
      try conclude(item, .duplicated, sensor, "\(rows.count) rows, sent \(Self.times(item.fate.attempts))")
    } else if let difference = differences.first(where: { $0 != nil }) ?? nil {
      try conclude(item, .corrupted, sensor, difference)
    } else {
      try conclude(item, .stored, sensor, "")
    }
  }

  /// Several readings that the store's key cannot tell apart: rows are given to them by value.
  private func judgeCollision(_ items: [Expected], _ sensor: Int, _ rows: [TableRow]) throws {
    var left = rows
    // What must not be there comes last: a row is given to it only when no sound reading explains it.
    let ordered =
      items.filter { !contract.isExpectedToBeRejected($0.reading) } + items.filter { contract.isExpectedToBeRejected($0.reading) }
    for item in ordered {
      let equal = left.firstIndex { sensors.difference($0, sensor: sensor, reading: item.reading) == nil }
      if let equal {
        left.remove(at: equal)
        let isRefused = contract.isExpectedToBeRejected(item.reading)
        try conclude(
          item, isRefused ? .acceptedMalformed : .stored, sensor, isRefused ? "stored although its payload was malformed" : "")
      } else if !rows.isEmpty && item.fate.mayHaveArrived && !contract.isExpectedToBeRejected(item.reading) {
        try conclude(item, .collided, sensor, "\(items.count) readings share this key")
      } else {
        miss(item, sensor)
      }
    }
    for row in left { addStray(row, sensor) }
  }

  /// A reading without a row at its key: it is judged when all strays are known.
  private func miss(_ item: Expected, _ sensor: Int) {
    // Without a row nothing shows that it was ever measured.
    guard item.fate.outcome != .beyond else { return }
    missing.append(
      Missing(
        sensor: sensor, timestamp: item.reading.timestamp,
        value: Decimal.value(item.reading.value, decimals: sensors.decimals(of: item.reading, sensor: sensor)),
        entry: missingItems.count))
    missingItems.append(MissingItem(reading: item.reading, fate: item.fate, device: item.device))
  }

  private func conclude(_ item: Expected, _ verdict: Verdict, _ sensor: Int, _ detail: String) throws {
    try conclude(item.reading, verdict, sensor, item.device, detail)
  }

  func conclude(_ reading: Reading, _ verdict: Verdict, _ sensor: Int, _ device: Int, _ detail: String) throws {
    counts[verdict] += 1
    if let bucket = table.bucketIndex(reading.timestamp), sampled.contains(sensor * table.bucketCount + bucket), !verdict.isPermitted {
      sampleFailures += 1
    }
    if verdict != .stored { try tell(reading, verdict, sensor, device, detail) }
  }

  private func tell(_ reading: Reading, _ verdict: Verdict, _ sensor: Int, _ device: Int, _ detail: String) throws {
    try tell(
      Exception(
        verdict: verdict, deviceID: world.devices[device].id, sensorID: sensors.id(sensor), boot: reading.boot, seq: reading.seq,
        timestamp: reading.timestamp, detail: detail))
  }

  func tell(_ exception: Exception) throws {
    exceptions.add(exception, keeping: options.examples)
    try onException?(exception)
  }
}

/// A reading without a row at its key.
struct MissingItem {
  var reading: Reading
  var fate: Fate
  var device: Int
}

/// Counts exceptions and keeps a few of each verdict as examples.
struct ExceptionList {
  private(set) var examples: [Verdict: [Exception]] = [:]
  /// How often each first word of a detail (the column, for corrupted values) occurred, by verdict.
  private(set) var details: [Verdict: [String: Int64]] = [:]

  mutating func add(_ exception: Exception, keeping limit: Int) {
    if examples[exception.verdict, default: []].count < limit { examples[exception.verdict, default: []].append(exception) }
    let kind = String(exception.detail.prefix { $0 != ":" })
    details[exception.verdict, default: [:]][kind, default: 0] += 1
  }
}
