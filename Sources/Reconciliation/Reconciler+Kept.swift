import Ledger
import Store
import World

/// The sums that the run has kept of what it measured: they save measuring it once more. They are not taken on trust.
extension Reconciler {
  /// The form of the sums in a ledger, or nil when they cannot be compared with what a store holds now.
  static func keptForm(_ ledger: LedgerReader, _ world: World, _ facts: RunFacts) throws -> DigestForm? {
    // A killed run has not told its last sums, and which readings there were is not known.
    guard facts.measured != nil, let store = world.fleet.pipeline.store, let form = try DigestForm({ try ledger.fact($0) }),
      form.terms == DigestForm.terms(of: store),
      form.grid.count * max(1, world.sensorCount) <= 4 * BucketGrid.mostCells
        || form.grid.count == 1
    else { return nil }
    return form
  }

  /// Fills the table with what the run has kept of a device. Returns how many rows there must be at least, or nil when the device has to be
  /// regenerated: its sums have gaps, or it has readings that must be told one by one.
  func takeKept(_ device: Int) throws -> Int64? {
    guard usesKeptDigests, let measured = facts.measured?[device], measured > 0, let least = try acknowledged(device, measured) else {
      return nil
    }
    let sensorCount = world.profile(of: device).sensors.count
    var runs: [(run: DigestRun, sums: [DigestRun.Sum])] = []
    var next: Int64 = 0
    var isWhole = true
    try ledger.forEachDigest(of: device) { run in
      guard isWhole, run.firstSeq == next, run.lastSeq >= run.firstSeq, run.leftOut == 0, run.bucket < table.bucketCount,
        let sums = run.decodedSums(sensorCount: sensorCount),
        sums.reduce(0, { $0 + Int64($1.count) }) == run.lastSeq - run.firstSeq + 1
      else {
        isWhole = false
        return
      }
      next = run.lastSeq + 1
      runs.append((run, sums))
    }
    guard isWhole, next == measured else { return nil }
    let first = sensors.firstOfDevice[device]
    for (run, sums) in runs {
      for (index, sum) in sums.enumerated() {
        table.add(
          first + index, Int(run.bucket), count: sum.count, first: sum.first, second: sum.second,
          variant: sensors.variant(ofVersion: run.version, sensor: first + index))
      }
    }
    counts[.stored] += measured
    return least
  }

  /// How many of a device's readings were acknowledged, when each of them was sent; nil when one was not, or is not told.
  private func acknowledged(_ device: Int, _ measured: Int64) throws -> Int64? {
    guard let own = try Self.acknowledged(ledger.deliveries(of: device), measured) else { return nil }
    guard let link = secondLink[device] else { return own }
    return try Self.acknowledged(ledger.deliveries(of: link), measured).map { max(own, $0) }
  }

  private static func acknowledged(_ runs: [DeliveryRun], _ measured: Int64) -> Int64? {
    var next: Int64 = 0
    var count: Int64 = 0
    for run in runs {
      guard run.firstSeq == next, run.outcome == 1 || run.outcome == 2 else { return nil }
      if run.outcome == 1 { count += run.lastSeq - run.firstSeq + 1 }
      next = run.lastSeq + 1
    }
    return next == measured ? count : nil
  }

  /// Regenerates the devices of the sampled buckets and compares what they add up to with what the run has kept of them.
  func checkKept() throws {
    guard usesKeptDigests else { return }
    var devices: Set<Int> = []
    for cell in sampled.sorted() {
      let device = Int(sensors.devices[cell / table.bucketCount])
      guard keptDevices[device], devices.insert(device).inserted else { continue }
      try checkKept(device)
    }
  }

  private func checkKept(_ device: Int) throws {
    let sensorCount = world.profile(of: device).sensors.count
    let first = sensors.firstOfDevice[device]
    var runs: [(last: Int64, sums: [DigestRun.Sum])] = []
    try ledger.forEachDigest(of: device) { run in
      runs.append((run.lastSeq, run.decodedSums(sensorCount: sensorCount) ?? []))
    }
    var sums = [DigestRun.Sum](repeating: DigestRun.Sum(), count: sensorCount)
    var index = 0
    try forEachReading(of: device) { reading, _ in
      let sensor = Int(reading.sensor)
      let terms = terms(of: reading, sensor: first + sensor)
      sums[sensor].count += 1
      sums[sensor].first += terms.0
      sums[sensor].second += terms.1
      guard index < runs.count, reading.seq == runs[index].last else { return }
      work.checkedDigests += 1
      if sums != runs[index].sums { keptFailures += 1 }
      sums = [DigestRun.Sum](repeating: DigestRun.Sum(), count: sensorCount)
      index += 1
    }
    if index != runs.count { keptFailures += 1 }
  }
}
