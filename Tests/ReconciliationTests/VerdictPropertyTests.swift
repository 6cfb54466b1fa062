import FleetSpec
import Reconciliation
import Testing
import World

/// Random pipelines: whatever is done to each reading is written down, and the verdicts must say exactly that.
@Suite struct VerdictPropertyTests {
  private enum Harm: Int, CaseIterable {
    case none, lost, duplicated, corrupted, shifted, unit, unconfirmed, unconfirmedStored, discarded, withheld, quality
  }

  @Test(arguments: UInt64(1)...120) func verdictsEqualTheTruth(seed: UInt64) throws {
    try check(try History(seed: seed, devices: 4, duration: "90s"), seed)
  }

  /// Clocks that count from 1970, jump by years or show local time, and firmware that changes meanwhile.
  @Test(arguments: UInt64(1)...60) func verdictsEqualTheTruthWhateverClocksAndFirmwareDo(seed: UInt64) throws {
    let profile = seed % 2 == 0 ? ClockVerdictTests.troubledClocks : ClockVerdictTests.troubledClocks + VersionVerdictTests.rollout
    let pipeline = "  allowed_lateness: forever\n  future_tolerance: forever"
    try check(try History(seed: seed, devices: 4, duration: "90s", pipeline: pipeline, profile: profile), seed)
  }

  private func check(_ history: History, _ seed: UInt64) throws {
    let random = RandomStream(seed: seed, device: 0, stream: 900_000)
    var truth: [String: Verdict] = [:]
    var index: UInt64 = 0
    // Each seed has a rate of its own, and on every other seed a shift that lands inside the run.
    let rate = [0.02, 0.2, 0.9][Int(seed % 3)]
    let shift: Int64 = seed % 2 == 0 ? 7_200_000_000 : 1_701_000
    for device in history.readings.indices {
      for reading in history.readings[device] {
        index += 2
        let isHarmed = random.uniform(index) < rate
        let harm = isHarmed ? Harm.allCases[Int(random.below(UInt64(Harm.allCases.count), index + 1))] : .none
        let verdict = apply(harm, device, reading.seq, history, shift)
        if verdict != .stored { truth["\(device):\(reading.seq)"] = verdict }
      }
    }
    addPhantoms(history, random, &index)
    let outcome = try history.judge(salt: seed)
    var found: [String: Verdict] = [:]
    for exception in outcome.exceptions where exception.verdict != .phantom {
      let device = history.world.devices.firstIndex { $0.id == exception.deviceID } ?? -1
      found["\(device):\(exception.seq)"] = exception.verdict
    }
    let wrong = Set(found.keys).union(truth.keys).filter { found[$0] != truth[$0] }.sorted()
    #expect(
      wrong.isEmpty,
      "seed \(seed): \(wrong.map { "\($0): truth \(truth[$0]?.rawValue ?? "stored"), judged \(found[$0]?.rawValue ?? "stored")" })")
    #expect(outcome.result[.phantom] == 3)
    #expect(outcome.result.readings == Int64(history.readings.joined().count))
  }

  private func apply(_ harm: Harm, _ device: Int, _ seq: Int64, _ history: History, _ shift: Int64) -> Verdict {
    var row = history.row(device, seq)
    switch harm {
    case .none, .lost, .duplicated, .corrupted, .shifted, .unit, .quality: history.tell(device, seq)
    case .unconfirmed, .unconfirmedStored: history.tell(device, seq, outcome: 2)
    case .discarded: history.tell(device, seq, outcome: 3)
    case .withheld: history.tell(device, seq, outcome: 4)
    }
    switch harm {
    case .none, .unconfirmedStored:
      history.store.rows.append(row)
      return .stored
    case .lost: return .lost
    case .duplicated:
      history.store.rows += [row, row]
      return .duplicated
    case .corrupted:
      row.value = (row.value ?? 0) * 2 + 1
      history.store.rows.append(row)
      return .corrupted
    case .quality:
      row.attributes[4] = "UNCERTAIN"
      history.store.rows.append(row)
      return .corrupted
    case .shifted:
      row.timestampMicroseconds += shift
      history.store.rows.append(row)
      return .misplaced
    case .unit:
      row.timestampMicroseconds /= 1_000
      history.store.rows.append(row)
      return .misplaced
    case .unconfirmed: return .unconfirmed
    case .discarded: return .discarded
    case .withheld: return .withheld
    }
  }

  private func addPhantoms(_ history: History, _ random: RandomStream, _ index: inout UInt64) {
    for number in 0..<3 {
      index += 1
      var row = history.row(number, Int64(random.below(20, index)))
      row.timestampMicroseconds += 333_000
      row.value = 123_456 + Double(number)
      history.store.rows.append(row)
    }
  }
}
