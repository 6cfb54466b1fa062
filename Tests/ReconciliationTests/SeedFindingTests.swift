import FleetSpec
import Reconciliation
import Testing
import World

/// What `heliograph prove` found, each as a history of its own.
@Suite struct SeedFindingTests {
  /// How often a killed run has sent a reading is not known, whatever the contract says about repeats.
  @Test func aKilledRunClaimsNoDuplicatesOfWhatItCannotHaveCounted() throws {
    let history = try History(pipeline: "  delivery: at-most-once\n  dedup: none")
    history.store.rows = [history.row(0, 2), history.row(0, 2)]
    let outcome = try history.judge(killedAt: 50_000)
    #expect(outcome.verdict("d-1", 2) == nil && outcome.result[.duplicated] == 0 && outcome.result[.stored] == 1)
  }

  /// A row at the key of a reading that a killed run may have measured counts, also when the device's clock is years ahead.
  @Test func rowsOfReadingsAfterAnEarlyDeathCountWhateverTheClockShows() throws {
    let history = try History(seed: 3, devices: 4, duration: "90s", profile: ClockVerdictTests.troubledClocks)
    let end = History.start + 90_000
    let far = history.readings.indices.compactMap { device in
      history.readings[device].first {
        $0.trueTime > History.start + 2_000 && ($0.timestamp < History.start - 86_400_000 || $0.timestamp > end + 86_400_000)
      }
      .map { (device, $0) }
    }
    let (device, reading) = try #require(far.first)
    history.store.rows = [history.row(device, reading.seq)]
    let outcome = try history.judge(killedAt: 1)
    #expect(outcome.result[.stored] == 1 && outcome.result[.phantom] == 0)
  }

  /// A store that keeps whole seconds shifts readings in a thousand ways; each of them is there all the same.
  @Test func readingsCutToWholeSecondsAreMisplaced() throws {
    let history = try History(devices: 5, duration: "10m")
    var cut: Int64 = 0
    history.tellAndStoreAll()
    history.store.rows = history.store.rows.map { row in
      var row = row
      if row.timestampMicroseconds % 1_000_000 != 0 { cut += 1 }
      row.timestampMicroseconds -= row.timestampMicroseconds % 1_000_000
      return row
    }
    let outcome = try history.judge()
    #expect(outcome.result[.misplaced] == cut && cut > 1_000 && outcome.result[.lost] == 0 && outcome.result[.phantom] == 0)
  }

  /// A row that arrives after the run's end belongs to the reading at whose key it stands, also when that is stamped after the run.
  @Test func aLateRowOfAFastClockIsNoOtherRuns() throws {
    let clock = "\n    clock: {offset: 0s, drift: 0 ppm, synchronise: 1h, steps: {every: 20s, size: 60s}}"
    for seed in UInt64(1)...20 {
      let history = try History(seed: seed, duration: "60s", profile: clock)
      let end = History.start + 60_000
      let ahead = history.readings.indices.compactMap { device in
        history.readings[device].first { $0.timestamp > end + 3_000 && $0.timestamp < end + 60_000 }.map { (device, $0) }
      }
      guard let (device, reading) = ahead.first else { continue }
      history.tellAndStoreAll { $0 == device && $1 == reading.seq }
      history.tell(device, reading.seq)
      var row = history.row(device, reading.seq)
      row.ingestedAtMicroseconds = (reading.timestamp + 1_000) * 1_000
      history.store.rows.append(row)
      #expect(try history.judge().result[.lost] == 0)
      return
    }
    Issue.record("no clock ran ahead")
  }
}
