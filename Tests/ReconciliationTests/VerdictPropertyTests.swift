import FleetSpec
import Reconciliation
import Testing
import World

/// Random pipelines: whatever is done to each reading is written down, and the verdicts must say exactly that.
@Suite struct VerdictPropertyTests {
  private enum Harm: Int, CaseIterable {
    case none, lost, duplicated, corrupted, shifted, unit, unconfirmed, unconfirmedStored, discarded, withheld, quality, newID
  }

  /// What is in the fleet beside plain devices.
  private static let groups = [
    "", "clones: 60 %", "second_link: 60 %", "clones: 50 %, second_link: 50 %",
    "gateway: {profile: box, devices: 2, id: \"box-{n}\"}, clones: 50 %, second_link: 50 %",
  ]

  @Test(arguments: UInt64(1)...120) func verdictsEqualTheTruth(seed: UInt64) throws {
    let byEventID = seed % 4 == 1
    let history = try History(
      seed: seed, devices: 4, duration: "90s", pipeline: byEventID ? "  dedup: {keys: [event_id]}" : "", group: Self.groups[Int(seed % 5)])
    try check(history, seed, byEventID: byEventID)
  }

  /// Clocks that count from 1970, jump by years or show local time, and firmware that changes meanwhile.
  @Test(arguments: UInt64(1)...60) func verdictsEqualTheTruthWhateverClocksAndFirmwareDo(seed: UInt64) throws {
    let profile = seed % 2 == 0 ? ClockVerdictTests.troubledClocks : ClockVerdictTests.troubledClocks + VersionVerdictTests.rollout
    let pipeline = "  allowed_lateness: forever\n  future_tolerance: forever"
    try check(try History(seed: seed, devices: 4, duration: "90s", pipeline: pipeline, profile: profile), seed, byEventID: false)
  }

  private func check(_ history: History, _ seed: UInt64, byEventID: Bool) throws {
    let random = RandomStream(seed: seed, device: 0, stream: 900_000)
    var truth: [String: Verdict] = [:]
    var index: UInt64 = 0
    // Each seed has a rate of its own, and on every other seed a shift that lands inside the run.
    let rate = [0.02, 0.2, 0.9][Int(seed % 3)]
    let shift: Int64 = seed % 2 == 0 ? 7_200_000_000 : 1_701_000
    for device in history.readings.indices where !history.world.devices[device].isSecondLink {
      let link = history.world.devices.firstIndex { $0.isSecondLink && $0.twin?.original == device }
      for reading in history.readings[device] {
        index += 3
        let isHarmed = random.uniform(index) < rate
        let harm = isHarmed ? Harm.allCases[Int(random.below(UInt64(Harm.allCases.count), index + 1))] : .none
        var verdict = apply(harm, device, reading.seq, history, shift)
        if harm == .newID && byEventID { verdict = .stored }
        if let link { verdict = verdict.with(tellSecond(link, reading.seq, history, random.uniform(index + 2))) }
        if verdict != .stored { truth["\(history.world.devices[device].id):\(reading.boot):\(reading.seq)"] = verdict }
      }
    }
    addPhantoms(history, random, &index)
    history.keepsDigests = seed % 5 < 3
    history.store.findsByTime = seed % 2 == 1
    history.store.findsStretches = seed % 3 == 1
    let outcome = try history.judge(salt: seed) { options in
      // Nothing may depend on what fits in memory.
      if seed % 3 != 1 { options.rowMemory = seed % 3 == 0 ? 0 : 1_000 }
      if seed % 4 < 2 { options.pairsInMemory = 20 }
    }
    var found: [String: Verdict] = [:]
    for exception in outcome.exceptions where exception.verdict != .phantom {
      found["\(exception.deviceID):\(exception.boot):\(exception.seq)"] = exception.verdict
    }
    let wrong = Set(found.keys).union(truth.keys).filter { found[$0] != truth[$0] }.sorted()
    #expect(
      wrong.isEmpty,
      "seed \(seed): \(wrong.map { "\($0): truth \(truth[$0]?.rawValue ?? "stored"), judged \(found[$0]?.rawValue ?? "stored")" })")
    #expect(outcome.result[.phantom] == 3)
    let measured = history.readings.indices.filter { !history.world.devices[$0].isSecondLink }.reduce(0) { $0 + history.readings[$1].count }
    #expect(outcome.result.readings == Int64(measured))
  }

  /// Writes down what the second link did with a reading.
  private func tellSecond(_ link: Int, _ seq: Int64, _ history: History, _ draw: Double) -> UInt8 {
    let outcome: UInt8 = draw < 0.8 ? 1 : draw < 0.9 ? 2 : draw < 0.95 ? 3 : 4
    history.tell(link, seq, outcome: outcome, attempts: outcome <= 2 ? 1 : 0)
    return outcome
  }

  private func apply(_ harm: Harm, _ device: Int, _ seq: Int64, _ history: History, _ shift: Int64) -> Verdict {
    var row = history.row(device, seq)
    switch harm {
    case .none, .lost, .duplicated, .corrupted, .shifted, .unit, .quality: history.tell(device, seq)
    case .unconfirmed, .unconfirmedStored: history.tell(device, seq, outcome: 2)
    case .discarded: history.tell(device, seq, outcome: 3, attempts: 0)
    case .withheld: history.tell(device, seq, outcome: 4, attempts: 0)
    case .newID: history.tell(device, seq, attempts: 2, ids: 2)
    }
    switch harm {
    case .none, .unconfirmedStored:
      history.store.rows.append(row)
      return .stored
    case .lost: return .lost
    case .duplicated, .newID:
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

extension Verdict {
  /// What a reading's verdict over its first link becomes by the outcome on its second.
  fileprivate func with(_ second: UInt8) -> Verdict {
    switch (self, second) {
    case (.unconfirmed, 1), (.discarded, 1), (.withheld, 1): .lost
    case (.discarded, 2), (.withheld, 2): .unconfirmed
    case (.discarded, 4): .withheld
    default: self
    }
  }
}
