import FleetSpec
import Glibc
import World

/// What is left over on either side, and the end of the work.
extension Reconciler {
  /// Rows that arrived during the run under an event time far from it.
  func collectRowsOutside() throws {
    guard store.knowsArrivals, mutation != .ignoresRowsOutside else { return }
    try store.rowsOutside(window) { row in
      work.rowsFetched += 1
      if let sensor = sensors.number(of: row.sensorID) {
        // What stands at the key of an outlier has been judged.
        if outliers.keys.contains(RowKey(sensor: sensor, microseconds: row.timestampMicroseconds)) { return }
        addStray(row, sensor)
      } else {
        foreignSensors[row.sensorID, default: 0] += 1
      }
    }
  }

  /// Pairs strays with missing readings; what remains is lost on one side and phantom on the other.
  func settleStrays() throws {
    // The order of rows is the store's; verdicts must not depend on it.
    strays.sort {
      ($0.sensor, $0.timestampMicroseconds, $0.value ?? -.infinity) < ($1.sensor, $1.timestampMicroseconds, $1.value ?? -.infinity)
    }
    let candidates = missing.filter { missingItems[$0.entry].fate.mayHaveArrived }
    var isMatched = [Bool](repeating: false, count: missingItems.count)
    var isTaken = [Bool](repeating: false, count: strays.count)
    for match in StrayMatcher.match(strays: mutation == .matchesNoStrays ? [] : strays, missing: candidates) {
      let item = candidates[match.missing]
      isMatched[item.entry] = true
      isTaken[match.stray] = true
      shifts[match.unit?.rawValue ?? Self.shiftText(match.shift), default: 0] += 1
      try conclude(
        missingItems[item.entry].reading, .misplaced, item.sensor, missingItems[item.entry].device,
        match.unit.map { "\($0.rawValue): stored at \(Self.instant(strays[match.stray].timestampMicroseconds))" }
          ?? "stored \(Self.shiftText(match.shift))")
    }
    for item in missing where !isMatched[item.entry] {
      let entry = missingItems[item.entry]
      let verdict = contract.verdictWithoutRow(entry.reading, entry.fate, isDrained: isDrained || mutation == .alwaysDrained)
      try conclude(entry.reading, verdict, item.sensor, entry.device, verdict == .lost ? "sent \(Self.times(entry.fate.attempts))" : "")
    }
    for (index, stray) in strays.enumerated() where !isTaken[index] { try tellPhantom(stray) }
    try tellForeign()
  }

  private func tellPhantom(_ stray: Stray) throws {
    counts[.phantom] += 1
    try tell(
      Exception(
        verdict: .phantom, deviceID: world.devices[Int(sensors.devices[stray.sensor])].id, sensorID: sensors.id(stray.sensor), boot: -1,
        seq: -1, timestamp: stray.timestampMicroseconds / 1_000, detail: "value \(stray.value.map { "\($0)" } ?? "NULL")"))
  }

  /// Rows of unknown sensors: phantoms when they claim a device of this fleet, else somebody else's.
  private func tellForeign() throws {
    let devices = Set(world.devices.map(\.id))
    for (id, count) in foreignSensors.sorted(by: { $0.key < $1.key }) {
      let device = String(id.prefix { $0 != "." })
      guard devices.contains(device) else {
        work.foreignRows += count
        continue
      }
      counts[.phantom] += count
      for _ in 0..<count {
        try tell(
          Exception(
            verdict: .phantom, deviceID: device, sensorID: id, boot: -1, seq: -1, timestamp: world.start,
            detail: "a sensor that the device does not have"))
      }
    }
  }

  static func shiftText(_ microseconds: Int64) -> String {
    let seconds = Double(microseconds.magnitude) / 1_000_000
    let text = microseconds.magnitude % 1_000_000 == 0 ? "\(microseconds.magnitude / 1_000_000)" : "\(seconds)"
    return "\(text) s too \(microseconds >= 0 ? "late" : "early")"
  }

  static func times(_ count: Int32) -> String { count == 1 ? "once" : "\(count) times" }

  static func instant(_ microseconds: Int64) -> String { Units.format(instant: microseconds / 1_000) }

  /// Waits until the store's row count has stood still for the contract's settling time.
  func waitForStore(atLeast least: Int64) throws {
    let settling = world.fleet.pipeline.settling
    let deadline = wallClock() + options.waitAtMost
    var count = try store.rowCount(in: window)
    var since = wallClock()
    while wallClock() - since < settling {
      guard wallClock() < deadline else {
        isDrained = false
        return
      }
      onStage?(.waiting(rows: count, atLeast: least))
      pause(min(500, settling))
      let next = try store.rowCount(in: window)
      if next != count {
        count = next
        since = wallClock()
      }
    }
    try settleArrivals()
  }

  /// Remembers when the store was first seen at rest, so that a repeated reconciliation looks at the same rows.
  private func settleArrivals() throws {
    if let rested = try ledger.number("store_at_rest") {
      arrivedUntil = rested
    } else if wallClock() < arrivedUntil {
      arrivedUntil = wallClock()
      try ledger.set("store_at_rest", to: arrivedUntil)
    }
  }

  /// Sleeps on the wall clock.
  public static func sleep(_ milliseconds: Milliseconds) { usleep(UInt32(clamping: milliseconds * 1_000)) }

  /// Milliseconds since 1970.
  public static func now() -> Milliseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
