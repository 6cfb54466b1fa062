import FleetSpec
import World

/// Remembers the readings that were judged one by one until all verdicts are known, for an observer. When they are too many, it forgets half
/// of the devices, with all that belongs to them, so that what it still knows of the others is complete.
struct VerdictJournal: Codable {
  struct Entry: Codable {
    var seq: Int64
    var verdict: Verdict
    var rows: FoundRows?
  }

  /// About 30 MB.
  private static let mostEntries = 300_000
  private static let mostArrivals = 4_096
  private static let mostPhantoms = 50_000

  private var entries: [Int: [Entry]] = [:]
  private var count = 0
  private var mask: UInt64 = 0
  private(set) var phantoms: [PhantomRow] = []
  private(set) var arrivals: [ObservedArrival] = []

  /// Whether the readings of a device are still remembered.
  /// - Parameter device: the original, where several share an identifier.
  func covers(_ device: Int) -> Bool { Self.hash(device) & mask == 0 }

  mutating func add(_ entry: Entry, measuredAt: Milliseconds, device: Int, original: Int) {
    if entry.verdict == .stored {
      if arrivals.count < Self.mostArrivals, let arrival = entry.rows?.firstArrival {
        arrivals.append(ObservedArrival(measuredAt: measuredAt, arrivedAtMicroseconds: arrival))
      }
      // Further rows that the contract permits say how long the pipeline knows a key.
      guard entry.rows?.count ?? 1 > 1 else { return }
    }
    guard covers(original) else { return }
    entries[device, default: []].append(entry)
    count += 1
    while count > Self.mostEntries && entries.count > 16 { forgetHalf() }
  }

  mutating func add(_ phantom: PhantomRow) {
    if phantoms.count < Self.mostPhantoms { phantoms.append(phantom) }
  }

  /// What is remembered of a device, by number.
  mutating func take(_ device: Int) -> [Entry] { (entries.removeValue(forKey: device) ?? []).sorted { $0.seq < $1.seq } }

  private mutating func forgetHalf() {
    mask = mask << 1 | 1
    let kept = mask
    entries = entries.filter { Self.hash($0.key) & kept == 0 }
    count = entries.values.reduce(0) { $0 + $1.count }
  }

  private static func hash(_ device: Int) -> UInt64 { RandomStream.finalise(UInt64(device) &+ 0x9e37_79b9_7f4a_7c15) }
}

extension Reconciler {
  /// Remembers a verdict on a reading whose rows were looked at.
  func note(_ reading: Reading, _ verdict: Verdict, _ device: Int, _ rows: FoundRows?) {
    guard observer != nil else { return }
    journal.add(
      VerdictJournal.Entry(seq: reading.seq, verdict: verdict, rows: rows), measuredAt: reading.trueTime, device: device,
      original: world.devices[device].twin?.original ?? device)
  }

  /// What an observer is to know of rows at a reading's key.
  /// - Parameter detail: as in the exception; names the column that differs.
  func found(_ rows: ArraySlice<TableRow>, _ verdict: Verdict, _ detail: String, differences: [String?] = []) -> FoundRows? {
    guard observer != nil, let first = rows.first else { return nil }
    let differing = differences.firstIndex { $0 != nil }.map { rows[rows.startIndex + $0] } ?? first
    let arrivals = rows.compactMap(\.ingestedAtMicroseconds)
    return FoundRows(
      count: rows.count, timestampMicroseconds: differing.timestampMicroseconds, value: differing.value,
      column: verdict == .corrupted ? String(detail.prefix { $0 != ":" }) : nil, firstArrival: arrivals.min(), lastArrival: arrivals.max())
  }

  /// Shows the observer everything, now that all verdicts are known.
  func showObserver() throws {
    guard let observer else { return }
    let measuring = world.devices.indices.filter { !world.devices[$0].isSecondLink && !world.profile(of: $0).sensors.isEmpty }
    let shown = measuring.filter { journal.covers(world.devices[$0].twin?.original ?? $0) }
    let events = try ledger.eventsBySecond(RunEvent.Kind.allCases.map(\.rawValue)).compactMap { entry in
      RunEvent.Kind(rawValue: entry.event).map { RunEvent(kind: $0, at: entry.at, count: entry.count) }
    }
    var run = ObservedRun(
      world: world, counts: counts, arrivals: facts.wallStart...max(facts.wallStart, arrivedUntil), events: events,
      observedArrivals: journal.arrivals, devicesShown: shown.count, devices: measuring.count)
    if let window = world.fleet.pipeline.deduplication?.window, part == nil {
      run.lateRepeats = try ledger.shards.reduce(0) { try $0 + $1.repeats(fartherApartThan: window) }
    }
    guard observer.begin(run) else { return }
    for phantom in journal.phantoms { observer.observe(phantom) }
    for device in shown {
      let entries = journal.take(device)
      var next = 0
      let first = sensors.firstOfDevice[device]
      try forEachReading(of: device) { reading, fate in
        while next < entries.count && entries[next].seq < reading.seq { next += 1 }
        let entry = next < entries.count && entries[next].seq == reading.seq ? entries[next] : nil
        guard entry != nil || fate.outcome != .beyond else { return }
        let decimals = sensors.decimals(of: reading, sensor: first + Int(reading.sensor))
        observer.observe(
          JudgedReading(
            device: device, reading: reading, value: Decimal.value(reading.value, decimals: decimals), fate: fate,
            verdict: entry?.verdict ?? contract.verdictOnAgreement(reading, fate), rows: entry?.rows.map { arrivalUnit.corrected($0) }))
      }
    }
  }
}
