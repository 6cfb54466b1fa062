import FleetSpec
import Ledger
import World

/// The devices where something disagrees, judged message by message.
extension Reconciler {
  func judgeDevices() throws {
    let affected = affectedDevices()
    let total = affected.reduce(0) { $0 + ($1 ? 1 : 0) }
    var done = world.devices.indices.reduce(0) {
      $0 + (affected[$1] && $1 % spill.partitionCount < position.judged ? 1 : 0)
    }
    guard position.judged < spill.partitionCount else { return }
    for partition in position.judged..<spill.partitionCount {
      let rows = try spill.load(partition)
      // A twin is judged with its original: rows do not tell whose they are.
      for device in stride(from: partition, to: world.devices.count, by: spill.partitionCount) where world.devices[device].twin == nil {
        if affected[device] {
          onStage?(.judging(device: done, of: total))
          try judge(device, rows)
          done += 1
        } else if !rows.rows.isEmpty {
          for sensor in sensors.range(of: device) { addStrays(rows, sensor) { _ in true } }
        }
        try settleDevice()
      }
      position.judged = partition + 1
      try pass(position)
    }
  }

  /// Whose readings must be looked at one by one.
  private func affectedDevices() -> [Bool] {
    world.devices.indices.map { device in
      world.devices[device].twin == nil
        && (outliers.has(device: device) || devicesToTell.contains(device) || sensors.range(of: device).contains { table.disagrees($0) })
    }
  }

  struct Expected {
    var reading: Reading
    var fate: Fate
    /// Who measured it: the device itself, or one of its clones.
    var device: Int
  }

  private func judge(_ device: Int, _ rows: PartitionRows) throws {
    let range = sensors.range(of: device)
    var expected = [[Expected]](repeating: [], count: range.count)
    var outside = expected
    var outlierKeys: Set<RowKey> = []
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
          outlierKeys.insert(RowKey(sensor: sensor, microseconds: reading.timestamp * 1_000))
        } else {
          expected[Int(reading.sensor)].append(item)
        }
      }
    }
    for index in expected.indices {
      let sensor = range.lowerBound + index
      try judge(expected[index], sensor: sensor, Array(rows.range(sensor, .inside)), in: rows)
      // Which other rows out there are ours is known by their arrival alone.
      let isAtKey = { (row: RowRecord) in outlierKeys.contains(RowKey(sensor: sensor, microseconds: row.timestampMicroseconds)) }
      try judge(outside[index], sensor: sensor, rows.range(sensor, .far).filter { isAtKey(rows.rows[$0]) }, in: rows)
      // What stands at the key of an outlier has been judged.
      addStrays(rows, sensor) { !isAtKey($0) }
    }
  }

  private func addStrays(_ rows: PartitionRows, _ sensor: Int, where isStray: (RowRecord) -> Bool) {
    for index in rows.range(sensor, .outside) where isStray(rows.rows[index]) { addStray(rows.rows[index], sensor) }
  }

  /// Merges a sensor's readings and rows by timestamp.
  /// - Parameter indices: of its rows, by timestamp.
  private func judge(_ expected: [Expected], sensor: Int, _ indices: [Int], in rows: PartitionRows) throws {
    // The sort is stable in what matters: readings with one timestamp are judged together.
    let readings = expected.sorted {
      ($0.reading.timestamp, $0.device, $0.reading.seq) < ($1.reading.timestamp, $1.device, $1.reading.seq)
    }
    var row = 0
    var index = 0
    while index < readings.count {
      let timestamp = readings[index].reading.timestamp
      var end = index + 1
      while end < readings.count && readings[end].reading.timestamp == timestamp { end += 1 }
      while row < indices.count && rows.rows[indices[row]].timestampMicroseconds < timestamp * 1_000 {
        addStray(rows.rows[indices[row]], sensor)
        row += 1
      }
      let from = row
      while row < indices.count && rows.rows[indices[row]].timestampMicroseconds == timestamp * 1_000 { row += 1 }
      let own = claim(indices[from..<row], in: rows, by: readings[index..<end], sensor)
      if end - index > 1 {
        try judgeCollision(Array(readings[index..<end]), sensor, tableRows(own, rows))
      } else if let only = own.first, own.count == 1, isPlainlyStored(readings[index], sensor, rows.rows[only]) {
        try conclude(readings[index], .stored, sensor, "", found(rows.rows[only]))
      } else {
        try judge(readings[index], sensor, tableRows(own, rows)[...])
      }
      index = end
    }
    while row < indices.count {
      addStray(rows.rows[indices[row]], sensor)
      row += 1
    }
  }

  /// The rows at a timestamp that are not those of readings at others: these are strays, whatever stands in them.
  private func claim(
    _ indices: ArraySlice<Int>, in rows: PartitionRows, by readings: ArraySlice<Expected>, _ sensor: Int
  ) -> ArraySlice<Int> {
    guard sensors.tellsReading else { return indices }
    let isOwn = { [self] (index: Int) in
      let message = rows.rows[index].message
      return message < 0 || readings.contains { sensors.message(of: $0.reading) == message }
    }
    for index in indices where !isOwn(index) { addStray(rows.rows[index], sensor) }
    return indices.filter(isOwn)[...]
  }

  /// The usual case, without looking at texts.
  @inline(__always)
  private func isPlainlyStored(_ item: Expected, _ sensor: Int, _ row: RowRecord) -> Bool {
    item.fate.mayHaveArrived && !contract.isExpectedToBeRejected(item.reading)
      && sensors.isPlainlyEqual(row, sensor: sensor, reading: item.reading)
  }

  /// What an observer is to know of a row that is plainly equal.
  private func found(_ row: RowRecord) -> FoundRows? {
    guard observer != nil else { return nil }
    let arrival = row.ingestedAtMicroseconds
    return FoundRows(
      count: 1, timestampMicroseconds: row.timestampMicroseconds, value: row.value, firstArrival: arrival, lastArrival: arrival)
  }

  private func tableRows(_ indices: ArraySlice<Int>, _ rows: PartitionRows) -> [TableRow] {
    indices.map { sensors.row(rows.rows[$0], rows.texts(of: rows.rows[$0])) }
  }

  func addStray(_ row: RowRecord, _ sensor: Int) {
    addStray(
      sensor, timestamp: row.timestampMicroseconds, value: row.hasValue ? row.value : nil, arrival: row.ingestedAtMicroseconds,
      message: row.message)
  }

  func addStray(_ row: TableRow, _ sensor: Int) {
    addStray(
      sensor, timestamp: row.timestampMicroseconds, value: row.value, arrival: row.ingestedAtMicroseconds, message: row.message)
  }

  private func addStray(_ sensor: Int, timestamp: Int64, value: Double?, arrival: Int64?, message: Int64) {
    guard !isOfAnotherRun(arrival: arrival, timestamp: timestamp) else {
      work.foreignRows += 1
      return
    }
    left.strays.append(
      Stray(sensor: sensor, timestampMicroseconds: timestamp, value: value, arrival: arrival, message: message))
  }

  /// Whether a row belongs to an earlier or later run of the same fleet in the same table.
  /// - Parameters:
  ///   - arrival: microseconds, nil where the table does not tell.
  ///   - timestamp: microseconds.
  func isOfAnotherRun(arrival: Int64?, timestamp: Int64) -> Bool {
    if arrivedInAnotherRun(arrival) { return true }
    guard let arrival = arrival.flatMap(arrivalUnit.corrected), mutation != .takesOtherRuns else { return false }
    // Stamped after this run, and arrived after both: what a device of a later run looks like.
    return arrival > facts.wallEnd * 1_000 && timestamp >= laterRuns && arrival >= timestamp - Self.clockDifference
  }

  /// From which event time on, in microseconds, a row may be that of a later run. A run on the time of the day ends before the next one of
  /// its devices begins: what is stamped between its last reading and its end is its own, however late it arrives.
  private var laterRuns: Int64 {
    let isOnWallTime = abs(facts.wallStart - world.start) < 60_000
    return isOnWallTime ? max(window.to * 1_000, facts.wallEnd * 1_000 - Self.clockDifference) : window.to * 1_000
  }

  /// Whether a row arrived before this run began, or after it had come to rest in the store.
  func arrivedInAnotherRun(_ arrival: Int64?) -> Bool {
    guard let arrival = arrival.flatMap(arrivalUnit.corrected), mutation != .takesOtherRuns else { return false }
    return arrival < facts.wallStart * 1_000 || arrival >= arrivedUntil * 1_000
  }

  /// Microseconds by which the pipeline's clock may be behind a device's.
  private static let clockDifference: Int64 = 5_000_000

  func judge(_ item: Expected, _ sensor: Int, _ rows: ArraySlice<TableRow>) throws {
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
      try conclude(item, .acceptedMalformed, sensor, "stored although its payload was malformed", found(rows, .acceptedMalformed, ""))
      return
    }
    let differences = rows.map { sensors.difference($0, sensor: sensor, reading: item.reading) }
    if rows.count > contract.allowedRows(item.fate) {
      let found = found(rows, .duplicated, "", differences: differences)
      try conclude(item, .duplicated, sensor, "\(rows.count) rows, sent \(Self.times(item.fate.attempts))", found)
    } else if let difference = differences.first(where: { $0 != nil }) ?? nil {
      try conclude(item, .corrupted, sensor, difference, found(rows, .corrupted, difference, differences: differences))
    } else {
      try conclude(item, .stored, sensor, "", found(rows, .stored, ""))
    }
  }

  /// A reading without a row at its key: it is judged when all strays are known.
  func miss(_ item: Expected, _ sensor: Int) {
    // Without a row nothing shows that it was ever measured.
    guard item.fate.outcome != .beyond else { return }
    left.missing.append(
      Missing(
        sensor: sensor, timestamp: item.reading.timestamp, value: sensors.value(of: item.reading, sensor: sensor),
        entry: left.items.count, message: sensors.message(of: item.reading)))
    left.items.append(MissingItem(reading: item.reading, fate: item.fate, device: item.device))
  }

  func conclude(_ item: Expected, _ verdict: Verdict, _ sensor: Int, _ detail: String, _ found: FoundRows? = nil) throws {
    if item.fate.outcome == .beyond { tally.add(item.reading, of: item.device) }
    try conclude(item.reading, verdict, sensor, item.device, detail, found)
  }

  func conclude(
    _ reading: Reading, _ verdict: Verdict, _ sensor: Int, _ device: Int, _ detail: String, _ found: FoundRows? = nil
  ) throws {
    counts[verdict] += 1
    if sensors.tellsReading { concluded[ConcludedReading(device: device, seq: reading.seq)] = verdict }
    note(reading, verdict, device, found)
    if let bucket = table.bucketIndex(reading.timestamp), sampled.contains(sensor * table.bucketCount + bucket), !verdict.isPermitted {
      sampleFailures += 1
    }
    if verdict != .stored { try tell(reading, verdict, sensor, device, detail) }
  }

  private func tell(_ reading: Reading, _ verdict: Verdict, _ sensor: Int, _ device: Int, _ detail: String) throws {
    tally.add(verdict, reading, of: device)
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
