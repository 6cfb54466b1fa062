import FleetSpec
import Store
import World

/// Tables in which nothing says whose a row is.
///
/// What can still be known: how many rows there are in each stretch of time, and which instants and values. Both sides are digested over the
/// whole fleet, bucket by bucket. Where they agree, every reading of the bucket has a row of its own. Where they differ, readings and rows
/// are compared as sets: equal ones are interchangeable, so it is known how many of them are missing or doubled, not which.
extension Reconciler {
  func reconcileAnonymously() throws -> ReconciliationResult {
    table = BucketTable(
      sensorCount: 1, grid: BucketGrid(covering: world.timestampRange, sensorCount: 1, expectedReadings: world.expectedReadings))
    try waitForStore(atLeast: try expectAnonymously())
    let whole = window
    try store.digests(in: whole, bucket: table.bucket, keys: keys) { digest in
      work.rowsInWindow += digest.count
      guard digest.bucket >= 0, digest.bucket < table.bucketCount else { return }
      table.subtract(0, digest.bucket, count: digest.count, first: digest.first, second: digest.second)
    }
    work.buckets = table.bucketCount
    work.differingBuckets = table.disagreeing
    if !sensors.tolerance.isDigestible { table.markAll() }
    var leftovers = AnonymousLeftovers()
    for batch in anonymousBatches() { try judge(batch, &leftovers) }
    try judgeAnonymousOutliers(&leftovers)
    try settle(leftovers)
    try showObserver()
    return try summarise()
  }

  /// Fills the table with what should be there. Returns how many rows there must be at least.
  private func expectAnonymously() throws -> Int64 {
    var least: Int64 = 0
    for device in world.devices.indices {
      if device % 64 == 0 { onStage?(.regenerating(device: device, of: world.devices.count)) }
      let first = sensors.firstOfDevice[device]
      try forEachReading(of: device) { reading, fate in
        guard fate.outcome != .beyond else { return }
        let verdict = contract.verdictOnAgreement(reading, fate)
        counts[verdict] += 1
        guard let bucket = table.bucketIndex(reading.timestamp) else {
          outliers.add(device: world.devices[device].twin?.original ?? device, timestamp: reading.timestamp)
          return
        }
        guard verdict == .stored else {
          // Told one by one, as everywhere.
          table.mark(0, bucket)
          return
        }
        let terms = terms(of: reading, sensor: first + Int(reading.sensor))
        table.add(0, bucket, terms.0, terms.1, variant: 0)
        if fate.outcome == .acknowledged { least += 1 }
      }
    }
    return least
  }

  /// Readings that are held in memory at a time, about.
  private static let readingsPerBatch = 500_000

  /// Stretches of disagreeing buckets.
  private func anonymousBatches() -> [Range<Int>] {
    let perBucket = max(1, Int(counts.readings) / max(1, table.bucketCount))
    let longest = max(1, Self.readingsPerBatch / perBucket)
    var batches: [Range<Int>] = []
    for bucket in 0..<table.bucketCount where !table[0, bucket].agrees {
      if let last = batches.last, bucket < last.lowerBound + longest {
        batches[batches.count - 1] = last.lowerBound..<(bucket + 1)
      } else {
        batches.append(bucket..<(bucket + 1))
      }
    }
    return batches
  }

  private func judge(_ buckets: Range<Int>, _ leftovers: inout AnonymousLeftovers) throws {
    let isJudged = { [self] (timestamp: Milliseconds) -> Bool in
      guard let bucket = table.bucketIndex(timestamp), buckets.contains(bucket) else { return false }
      return !table[0, bucket].agrees
    }
    let readings = try collect(isJudged)
    var rows: [AnonymousRow] = []
    try store.allRows(in: window(of: buckets)) { row in
      work.rowsFetched += 1
      // Division rounds towards zero; buckets begin after 1970.
      guard isJudged(row.timestampMicroseconds / 1_000) else { return }
      rows.append(AnonymousRow(row))
    }
    try judge(readings, rows, &leftovers)
  }

  /// Takes back the verdicts on readings that are to be judged one by one.
  private func collect(_ isWanted: (Milliseconds) -> Bool) throws -> [AnonymousReading] {
    var readings: [AnonymousReading] = []
    for device in world.devices.indices {
      let first = sensors.firstOfDevice[device]
      try forEachReading(of: device) { reading, fate in
        guard isWanted(reading.timestamp) else { return }
        if fate.outcome != .beyond { counts[contract.verdictOnAgreement(reading, fate)] -= 1 }
        let sensor = first + Int(reading.sensor)
        readings.append(
          AnonymousReading(
            reading: reading, fate: fate, device: device, sensor: sensor, value: sensors.value(of: reading, sensor: sensor),
            isRefused: contract.isExpectedToBeRejected(reading)))
      }
    }
    return readings
  }

  /// Readings whose timestamps lie outside all buckets, with the rows there: those that arrived during the run, or those at their keys.
  private func judgeAnonymousOutliers(_ leftovers: inout AnonymousLeftovers) throws {
    let readings = try collect { table.bucketIndex($0) == nil }
    var rows: [AnonymousRow] = []
    if store.knowsArrivals {
      try store.rowsOutside(window) { row in
        work.rowsFetched += 1
        rows.append(AnonymousRow(row))
      }
    } else {
      let keys = Set(readings.map { $0.reading.timestamp * 1_000 })
      for stretch in outliers.stretches(of: Array(world.devices.indices)) {
        var part = window
        part.from = stretch.lowerBound
        part.to = stretch.upperBound + 1
        try store.allRows(in: part) { row in
          work.rowsFetched += 1
          if keys.contains(row.timestampMicroseconds) { rows.append(AnonymousRow(row)) }
        }
      }
    }
    try judge(readings, rows, &leftovers)
  }

  /// Compares two sets, instant by instant.
  private func judge(_ readings: [AnonymousReading], _ rows: [AnonymousRow], _ leftovers: inout AnonymousLeftovers) throws {
    let expected = readings.sorted()
    let found = rows.sorted()
    var reading = 0
    var row = 0
    while reading < expected.count || row < found.count {
      let instant = min(
        reading < expected.count ? expected[reading].reading.timestamp * 1_000 : .max,
        row < found.count ? found[row].timestampMicroseconds : .max)
      let firstReading = reading
      while reading < expected.count, expected[reading].reading.timestamp * 1_000 == instant { reading += 1 }
      let firstRow = row
      while row < found.count, found[row].timestampMicroseconds == instant { row += 1 }
      try judgeInstant(expected[firstReading..<reading], found[firstRow..<row], &leftovers)
    }
  }

  private func judgeInstant(
    _ readings: ArraySlice<AnonymousReading>, _ rows: ArraySlice<AnonymousRow>, _ leftovers: inout AnonymousLeftovers
  ) throws {
    var left = Array(rows)
    var missing: [AnonymousReading] = []
    var matched: [AnonymousReading] = []
    for item in readings {
      guard item.fate.mayHaveArrived else {
        try conclude(item, contract.verdictOnAgreement(item.reading, item.fate), "")
        continue
      }
      guard let index = left.firstIndex(where: { sensors.tolerance.accepts($0.value, for: item.value) }) else {
        missing.append(item)
        continue
      }
      left.remove(at: index)
      if item.isRefused {
        try conclude(item, .acceptedMalformed, "stored although its payload was malformed")
      } else {
        matched.append(item)
      }
    }
    try concludeMatched(matched, &left)
    for item in missing where !item.isRefused && item.fate.outcome != .beyond {
      // Whose row it is nobody can tell; that a reading of this instant was stored with another value is certain where one lacks its row.
      guard let row = left.first, item.fate.outcome == .acknowledged || left.count >= missing.count else {
        leftovers.missing.append(item)
        continue
      }
      left.removeFirst()
      try conclude(item, .corrupted, "value: expected \(item.value), found \(row.value.map { "\($0)" } ?? "NULL") at its instant")
    }
    leftovers.missing += missing.filter { $0.isRefused && $0.fate.outcome != .beyond }
    leftovers.rows += left
  }

  /// Readings with a row each, and rows that are left and equal to one of them: copies, as far as the contract allows none.
  private func concludeMatched(_ matched: [AnonymousReading], _ left: inout [AnonymousRow]) throws {
    var copies = [Int](repeating: 1, count: matched.count)
    // The copies of equal readings are dealt out, so that as many readings count as doubled as can be.
    var isDealing = true
    while isDealing && !left.isEmpty {
      isDealing = false
      for (index, item) in matched.enumerated() {
        guard let row = left.firstIndex(where: { sensors.tolerance.accepts($0.value, for: item.value) }) else { continue }
        left.remove(at: row)
        copies[index] += 1
        isDealing = true
      }
    }
    for (index, item) in matched.enumerated() {
      let isDoubled = copies[index] > contract.allowedRows(item.fate)
      try conclude(
        item, isDoubled ? .duplicated : .stored, isDoubled ? "\(copies[index]) rows, sent \(Self.times(item.fate.attempts))" : "")
    }
  }

  private func conclude(_ item: AnonymousReading, _ verdict: Verdict, _ detail: String) throws {
    try conclude(item.reading, verdict, item.sensor, item.device, detail)
  }

  /// Pairs rows at instants that no reading has with readings that have no row; what remains is lost on one side and phantom on the other.
  private func settle(_ leftovers: AnonymousLeftovers) throws {
    let rows = leftovers.rows.filter { row in
      let isForeign = isOfAnotherRun(arrival: row.arrival, timestamp: row.timestampMicroseconds)
      if isForeign { work.foreignRows += 1 }
      return !isForeign
    }
    let strays = rows.sorted().map {
      Stray(sensor: 0, timestampMicroseconds: $0.timestampMicroseconds, value: $0.value, arrival: $0.arrival)
    }
    let missing = leftovers.missing.enumerated().map {
      Missing(sensor: 0, timestamp: $0.element.reading.timestamp, value: $0.element.value, entry: $0.offset)
    }
    var isMatched = [Bool](repeating: false, count: missing.count)
    var isTaken = [Bool](repeating: false, count: strays.count)
    var common: [Int64] = []
    for match in StrayMatcher.match(strays: strays, missing: missing, &common, tolerance: sensors.tolerance) {
      isMatched[match.missing] = true
      isTaken[match.stray] = true
      shifts.add(match.unit?.rawValue ?? Self.shiftText(match.shift))
      try conclude(
        leftovers.missing[match.missing], .misplaced, match.unit.map { "\($0.rawValue)" } ?? "stored \(Self.shiftText(match.shift))")
    }
    for (index, item) in leftovers.missing.enumerated() where !isMatched[index] {
      let verdict = contract.verdictWithoutRow(item.reading, item.fate, isDrained: isDrained)
      try conclude(item, verdict, verdict == .lost ? "no row has its instant and value" : "")
    }
    for (index, stray) in strays.enumerated() where !isTaken[index] {
      counts[.phantom] += 1
      try tell(
        Exception(
          verdict: .phantom, deviceID: "", sensorID: "", boot: -1, seq: -1, timestamp: stray.timestampMicroseconds / 1_000,
          detail: "value \(stray.value.map { "\($0)" } ?? "NULL")"))
    }
  }
}

/// A reading in a table that does not tell whose a row is.
private struct AnonymousReading: Comparable {
  var reading: Reading
  var fate: Fate
  var device: Int
  var sensor: Int
  var value: Double
  /// Whether the contract asks the pipeline to leave it out.
  var isRefused: Bool

  /// Among those of one instant, those come first of which it is surest that they must be there.
  static func < (left: Self, right: Self) -> Bool {
    func rank(_ item: Self) -> Int {
      if item.isRefused { return 2 }
      return item.fate.outcome == .acknowledged ? 0 : 1
    }
    return (left.reading.timestamp, rank(left), left.device, left.reading.seq)
      < (right.reading.timestamp, rank(right), right.device, right.reading.seq)
  }

  static func == (left: Self, right: Self) -> Bool { left.device == right.device && left.reading.seq == right.reading.seq }
}

private struct AnonymousRow: Comparable {
  var timestampMicroseconds: Int64
  var value: Double?
  var arrival: Int64?

  init(_ row: TableRow) {
    timestampMicroseconds = row.timestampMicroseconds
    value = row.value
    arrival = row.ingestedAtMicroseconds
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.timestampMicroseconds, left.value ?? -.infinity, left.arrival ?? 0)
      < (right.timestampMicroseconds, right.value ?? -.infinity, right.arrival ?? 0)
  }
}

private struct AnonymousLeftovers {
  var missing: [AnonymousReading] = []
  var rows: [AnonymousRow] = []
}
