import FleetSpec
import Reconciliation
import Testing
import World

/// Readings of clocks that are wrong by years are judged as exactly as all others.
@Suite struct ClockVerdictTests {
  static let unset = """

        power_outages: { every: 15s, length: 1s }
        clock: { unset: { share: 100 %, synchronised_after: 8s..20s } }
    """
  static let farFuture = """

        clock: { synchronise: 20s, far_future: { every: 30s } }
    """
  static let localTime = """

        clock: { local_time: 50 % }
    """
  static let troubledClocks = """

        power_outages: { every: 20s, length: 1s }
        clock: { synchronise: 25s, correction: slew, curvature: -0.035, local_time: 30 %, steps: { every: 60s, size: 5s }, far_future: { every: 60s }, unset: { share: 50 %, synchronised_after: 2s..20s } }
    """

  /// The first reading of a history whose clock is wrong in some way.
  private func first(_ history: History, _ fault: Fault) throws -> (device: Int, reading: Reading) {
    for device in history.readings.indices {
      if let reading = history.readings[device].first(where: { $0.faults.contains(fault) }) { return (device, reading) }
    }
    throw Missing()
  }

  private struct Missing: Error {}

  @Test(arguments: [unset, farFuture, localTime, troubledClocks], [true, false])
  func everythingStored(profile: String, knowsArrivals: Bool) throws {
    let history = try History(knowsArrivals: knowsArrivals, profile: profile)
    history.tellAndStoreAll()
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == outcome.result.readings)
    #expect(outcome.exceptions.isEmpty && outcome.result.passed)
    #expect(history.readings.joined().contains { !$0.faults.isEmpty } || profile == Self.localTime)
  }

  @Test func unsetClocksCountFrom1970() throws {
    let history = try History(profile: Self.unset)
    let reading = try first(history, .clockUnset).reading
    #expect(reading.timestamp < 60_000 && reading.boot > 1)
  }

  @Test(arguments: [unset, farFuture]) func missingIsLostUnlessTheContractLetsItDrop(profile: String) throws {
    let fault: Fault = profile == Self.unset ? .clockUnset : .clockFarFuture
    for (pipeline, verdict) in [
      ("  allowed_lateness: forever\n  future_tolerance: forever", Verdict.lost),
      ("  allowed_lateness: 24h\n  future_tolerance: 1h", .droppedLate),
    ] {
      let history = try History(pipeline: pipeline, profile: profile)
      let (device, reading) = try first(history, fault)
      history.tellAndStoreAll { $0 == device && $1 == reading.seq }
      history.tell(device, reading.seq)
      let outcome = try history.judge()
      #expect(outcome.verdict("d-\(device + 1)", reading.seq) == verdict)
      #expect(outcome.exceptions.count == 1)
    }
  }

  @Test(arguments: [unset, farFuture], [true, false]) func harmIsSeenFarFromTheRun(profile: String, knowsArrivals: Bool) throws {
    let fault: Fault = profile == Self.unset ? .clockUnset : .clockFarFuture
    let history = try History(knowsArrivals: knowsArrivals, profile: profile)
    history.tellAndStoreAll()
    let (device, reading) = try first(history, fault)
    let index = history.store.rows.firstIndex { $0 == history.row(device, reading.seq) } ?? 0
    history.store.rows.append(history.row(device, reading.seq))
    var outcome = try history.judge()
    #expect(outcome.verdict("d-\(device + 1)", reading.seq) == .duplicated && outcome.exceptions.count == 1)
    history.store.rows.removeLast()
    history.store.rows[index].value = 999
    outcome = try history.judge()
    #expect(outcome.verdict("d-\(device + 1)", reading.seq) == .corrupted && outcome.exceptions.count == 1)
  }

  @Test func aTimestampThatThePipelineReplacedIsMisplaced() throws {
    let history = try History(profile: Self.unset)
    history.tellAndStoreAll()
    let (device, reading) = try first(history, .clockUnset)
    let index = history.store.rows.firstIndex { $0 == history.row(device, reading.seq) } ?? 0
    history.store.rows[index].timestampMicroseconds = reading.trueTime * 1_000 + 7
    let outcome = try history.judge()
    #expect(outcome.verdict("d-\(device + 1)", reading.seq) == .misplaced)
    #expect(outcome.result[.phantom] == 0)
  }

  @Test func rowsAroundOutliersThatNobodySentArePhantoms() throws {
    let history = try History(profile: Self.unset)
    history.tellAndStoreAll()
    let (device, reading) = try first(history, .clockUnset)
    var row = history.row(device, reading.seq)
    row.timestampMicroseconds += 333
    row.value = -12
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.result[.phantom] == 1 && outcome.exceptions.count == 1)
  }

  @Test func rowsOfAnotherRunAt1970AreLeftOut() throws {
    let history = try History(profile: Self.unset)
    history.tellAndStoreAll()
    let (device, reading) = try first(history, .clockUnset)
    var row = history.row(device, reading.seq)
    row.ingestedAtMicroseconds = (History.start - 86_400_000) * 1_000
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.exceptions.isEmpty && outcome.result[.stored] == outcome.result.readings)
  }
}
