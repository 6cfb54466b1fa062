import FleetSpec
import Glibc
import World

/// What is left over on either side, and the end of the work.
extension Reconciler {
  /// Judges what a device has left over, as far as nothing else has to be known for it.
  func settleDevice() throws {
    guard left.count > 0 else {
      concluded.removeAll(keepingCapacity: true)
      return
    }
    // Where rows bear the id of their message, nothing of other devices has to be known.
    if sensors.tellsReading { return try settleIdentified() }
    try pairs.add(left.takeMatchable())
    for one in left.missing { try settle(one, left.items[one.entry]) }
    for stray in left.strays { try tellPhantom(stray) }
    left.removeAll()
  }

  /// Pairs strays with missing readings; what remains is lost on one side and phantom on the other.
  func settlePairs() throws {
    guard position.settled <= pairs.blocks.count else { return }
    for number in position.settled...pairs.blocks.count {
      try settle(number == 0 ? pairs.first : pairs.load(pairs.blocks[number - 1]), &commonShifts)
      position.settled = number + 1
      try pass(position)
    }
    pairs.first = Leftovers()
  }

  /// - Parameter common: the shifts found so far, in the order in which they were found.
  func settle(_ own: Leftovers, _ common: inout [Int64]) throws {
    // The order of rows is the store's; verdicts must not depend on it.
    let strays = own.strays.sorted {
      ($0.sensor, $0.timestampMicroseconds, $0.value ?? -.infinity) < ($1.sensor, $1.timestampMicroseconds, $1.value ?? -.infinity)
    }
    var isMatched = [Bool](repeating: false, count: own.missing.count)
    var isTaken = [Bool](repeating: false, count: strays.count)
    for match in StrayMatcher.match(
      strays: mutation == .matchesNoStrays ? [] : strays, missing: own.missing, &common, tolerance: sensors.tolerance,
      byMessage: sensors.tellsReading)
    {
      let one = own.missing[match.missing]
      isMatched[match.missing] = true
      isTaken[match.stray] = true
      if match.shift == 0 {
        try concludeMislabelled(own.items[one.entry], one.sensor, strays[match.stray])
        continue
      }
      shifts.add(match.unit?.rawValue ?? Self.shiftText(match.shift))
      try conclude(
        own.items[one.entry].reading, .misplaced, one.sensor, own.items[one.entry].device,
        match.unit.map { "\($0.rawValue): stored at \(Self.instant(strays[match.stray].timestampMicroseconds))" }
          ?? "stored \(Self.shiftText(match.shift))",
        strays[match.stray].found)
    }
    for (index, one) in own.missing.enumerated() where !isMatched[index] { try settle(one, own.items[one.entry]) }
    try tellLeft(strays.indices.filter { !isTaken[$0] }.map { strays[$0] })
  }

  /// Judges a reading that has no row anywhere.
  func settle(_ one: Missing, _ item: MissingItem) throws {
    let verdict = contract.verdictWithoutRow(item.reading, item.fate, isDrained: isDrained || mutation == .alwaysDrained)
    try conclude(
      item.reading, verdict, one.sensor, item.device, verdict == .lost ? "sent \(Self.times(item.fate.attempts))" : "")
  }

  func tellPhantom(_ stray: Stray) throws {
    counts[.phantom] += 1
    tally.addPhantom(of: Int(sensors.devices[stray.sensor]), timestamp: stray.timestampMicroseconds / 1_000)
    let deviceID = world.devices[Int(sensors.devices[stray.sensor])].id
    if observer != nil {
      journal.add(
        PhantomRow(
          deviceID: deviceID, sensorID: sensors.id(stray.sensor), timestampMicroseconds: stray.timestampMicroseconds, value: stray.value))
    }
    try tell(
      Exception(
        verdict: .phantom, deviceID: deviceID, sensorID: sensors.id(stray.sensor), boot: -1, seq: -1,
        timestamp: stray.timestampMicroseconds / 1_000, detail: "value \(stray.value.map { "\($0)" } ?? "NULL")"))
  }

  /// Rows of sensors that a device of this fleet does not have.
  func tellForeign() throws {
    guard !position.hasToldForeign else { return }
    for (id, count) in foreignSensors.sorted.sorted(by: { $0.name < $1.name }) {
      counts[.phantom] += count
      let device = String(id.prefix { $0 != "." })
      let number = world.devices.firstIndex { $0.id == device } ?? 0
      for _ in 0..<count {
        tally.addPhantom(of: number, timestamp: world.start)
        try tell(
          Exception(
            verdict: .phantom, deviceID: device, sensorID: id, boot: -1, seq: -1, timestamp: world.start,
            detail: "a sensor that the device does not have"))
      }
    }
    position.hasToldForeign = true
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
        restingRows = count
        return
      }
      onStage?(.waiting(rows: count, atLeast: least))
      try stopIfAsked()
      pause(min(500, settling))
      let next = try store.rowCount(in: window)
      if next != count {
        count = next
        since = wallClock()
      }
    }
    restingRows = count
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
