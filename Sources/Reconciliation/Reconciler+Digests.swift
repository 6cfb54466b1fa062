import FleetSpec
import World

/// What should be there and what is, summed up.
extension Reconciler {
  /// Fills the table with what should be there, and counts how many rows there must be at least.
  func expect() throws {
    let count = world.devices.count
    guard position.expected < count else { return }
    for device in position.expected..<count {
      if device % 64 == 0 { onStage?(.regenerating(device: device, of: world.devices.count)) }
      if let kept = try takeKept(device) {
        keptDevices[device] = true
        least += kept
      } else {
        least += try regenerate(device)
      }
      position.expected = device + 1
      if device % 64 == 63 { try pass(position) }
    }
    peculiarBuckets = table.marked
  }

  /// Fills the table with what a device must have in the store, reading by reading.
  private func regenerate(_ device: Int) throws -> Int64 {
    var least: Int64 = 0
    let first = sensors.firstOfDevice[device]
    let original = world.devices[device].twin?.original ?? device
    try forEachReading(of: device) { reading, fate in
      // Expected or not, nobody can tell; its row, if there is one, makes its bucket disagree and is judged there.
      guard fate.outcome != .beyond else {
        // But out of all buckets nothing disagrees.
        if table.bucketIndex(reading.timestamp) == nil { outliers.add(device: original, timestamp: reading.timestamp) }
        return
      }
      let verdict = contract.verdictOnAgreement(reading, fate)
      counts[verdict] += 1
      tally.add(reading, of: device)
      if verdict != .stored { devicesToTell.insert(original) }
      guard let bucket = table.bucketIndex(reading.timestamp) else {
        outliers.add(device: original, timestamp: reading.timestamp)
        return
      }
      guard verdict == .stored else { return }
      let sensor = first + Int(reading.sensor)
      if sensors.isPeculiar(reading) { table.mark(sensor, bucket) }
      work.regeneratedReadings += 1
      let terms = terms(of: reading, sensor: sensor)
      table.add(sensor, bucket, terms.0, terms.1, variant: sensors.variant(of: reading, sensor: sensor))
      if fate.outcome == .acknowledged { least += 1 }
    }
    return least
  }

  /// What a reading adds to the digests.
  func terms(of reading: Reading, sensor: Int) -> (Int64, Int64) {
    digestTerms.terms(
      timestamp: reading.timestamp, value: Decimal.value(reading.value, decimals: sensors.decimals(of: reading, sensor: sensor)),
      quality: Int(reading.quality.rawValue), boot: reading.boot, sequence: reading.sequence)
  }

  /// Takes from the table what is in the store.
  func compareDigests() throws {
    let stretches = digestStretches()
    guard position.digested < stretches.count else { return }
    for number in position.digested..<stretches.count {
      onStage?(.digesting(stretch: number, of: stretches.count))
      let before = (table, work, foreignSensors)
      do {
        try compareDigests(in: stretches[number])
      } catch {
        // Half of a stretch is worse than none: it would be taken from the table once more.
        (table, work, foreignSensors) = before
        throw error
      }
      position.digested = number + 1
      if number + 1 < stretches.count { try pass(position) }
    }
    markSamples()
    try checkKept()
    work.buckets = sensors.count * table.bucketCount
    work.differingBuckets = table.disagreeing - work.sampledBuckets - peculiarBuckets
    // What digests leave out has to be looked at row by row.
    if !sensors.tolerance.isDigestible { table.markAll() }
    try pass(position)
  }

  private func compareDigests(in columns: Range<Int>) throws {
    var groups = 0
    try store.digests(in: window(of: columns), bucket: table.bucket, keys: keys) { digest in
      groups += 1
      if groups & 0x3FF == 0 { try stopIfAsked() }
      work.rowsInWindow += digest.count
      guard let sensor = sensors.number(of: digest.sensorID) else {
        countUnknown(digest.sensorID, digest.count)
        return
      }
      let bucket = digest.bucket + columns.lowerBound
      guard digest.bucket >= 0 && bucket < table.bucketCount else { return }
      let cell = table[sensor, bucket]
      let isBlind = mutation == .blindDigests && digest.count == Int64(cell.count)
      table.subtract(
        sensor, bucket, count: digest.count, first: isBlind ? cell.first : digest.first, second: isBlind ? cell.second : digest.second)
      if mutation != .ignoresAttributes
        && !sensors.constantsAgree(digest.constants, sensor: sensor, variant: table[sensor, bucket].variant)
      {
        table.mark(sensor, bucket)
      }
    }
  }

  /// The stretches of time that the store is asked for one after the other: it then never has much to hold, and the work can be broken off
  /// between them.
  private func digestStretches() -> [Range<Int>] {
    let wanted = store.findsByTime ? world.expectedReadings / Self.rowsPerStretch + 1 : 1
    let columns = max(1, (table.bucketCount + Int(wanted) - 1) / Int(wanted))
    return stride(from: 0, to: table.bucketCount, by: columns).map { $0..<min($0 + columns, table.bucketCount) }
  }

  private static let rowsPerStretch: Int64 = 4_000_000

  /// A stretch of buckets as the store knows it.
  func window(of columns: Range<Int>) -> StoreWindow {
    var part = window
    part.from = table.origin + Int64(columns.lowerBound) * table.bucket
    part.to = table.origin + Int64(columns.upperBound) * table.bucket
    return part
  }

  /// Counts rows of a sensor that the fleet does not have: phantoms when they claim a device of this fleet, else somebody else's.
  func countUnknown(_ sensorID: String, _ count: Int64) {
    if sensors.hasDevice(named: String(sensorID.prefix { $0 != "." })) {
      foreignSensors.add(sensorID, count)
    } else {
      work.foreignRows += count
    }
  }

  /// Picks agreeing buckets, other ones with each salt, so that the digest is not taken on trust.
  func markSamples() {
    let random = RandomStream(seed: options.salt, device: 0, stream: 131_072)
    for index in 0..<UInt64(options.samples) {
      let sensor = Int(random.uniform(index * 2) * Double(sensors.count))
      let bucket = Int(random.uniform(index * 2 + 1) * Double(table.bucketCount))
      guard table[sensor, bucket].agrees else { continue }
      table.mark(sensor, bucket)
      sampled.insert(sensor * table.bucketCount + bucket)
    }
    work.sampledBuckets = sampled.count
  }
}
