import Reconciliation

/// Holds the verdicts against what they must be, message by message.
struct Comparison {
  private let scenario: Scenario
  private let truth: Truth
  private let expectation: Expectation
  /// The most that is told of one seed.
  private static let mostMismatches = 20

  init(_ scenario: Scenario, _ truth: Truth, _ expectation: Expectation) {
    self.scenario = scenario
    self.truth = truth
    self.expectation = expectation
  }

  /// How an exception names a reading.
  private struct Spelling: Hashable {
    var device: String
    var boot: Int32
    var seq: Int64
  }

  func check(_ result: ReconciliationResult, _ exceptions: [Reconciliation.Exception], into outcome: inout TrialOutcome) {
    var found: [Spelling: Verdict] = [:]
    var phantoms: [String: Int] = [:]
    var misplaced: [String: Int] = [:]
    for exception in exceptions {
      if exception.verdict == .phantom {
        phantoms[exception.sensorID, default: 0] += 1
        continue
      }
      if exception.verdict == .misplaced { misplaced[exception.sensorID, default: 0] += 1 }
      let name = Spelling(device: exception.deviceID, boot: exception.boot, seq: exception.seq)
      if let earlier = found.updateValue(exception.verdict, forKey: name) {
        report("\(name.device) reading \(name.seq) was judged twice: \(earlier.rawValue) and \(exception.verdict.rawValue)", &outcome)
      }
    }
    checkReadings(found, result, &outcome)
    checkSums("phantoms", expectation.phantoms, phantoms, &outcome)
    checkSums("misplaced readings", expectation.misplaced, misplaced, &outcome)
    let told = Int64(phantoms.values.reduce(0, +))
    if result[.phantom] != told { report("\(told) phantoms were told, and \(result[.phantom]) counted", &outcome) }
    for (site, count) in expectation.phantomCauses { outcome.coverage.add(.phantom, site, Int64(count)) }
  }

  private func report(_ text: String, _ outcome: inout TrialOutcome) {
    if outcome.mismatches.count < Comparison.mostMismatches { outcome.mismatches.append(Mismatch(description: text)) }
  }

  private func checkReadings(_ found: [Spelling: Verdict], _ result: ReconciliationResult, _ outcome: inout TrialOutcome) {
    var tally: [Verdict: Int64] = [:]
    var left = found
    var open: Int64 = 0
    for device in truth.world.devices.indices where truth.originals[device] == device {
      for seq in truth.entries[device].indices {
        let reading = truth.entries[device][seq].reading
        let judged = left.removeValue(forKey: Spelling(device: truth.world.devices[device].id, boot: reading.boot, seq: reading.seq))
        let expected = expectation.verdicts[device][seq]
        if expected.isEmpty {
          if let judged { report("\(name(device, seq)) must not be counted, and is \(judged.rawValue)", &outcome) }
          continue
        }
        if judged == nil && expected.mayBeUncounted { open += 1 }
        let verdict = judged ?? .stored
        tally[verdict, default: 0] += 1
        outcome.readings += 1
        if !expected.isCertain { outcome.uncertain += 1 }
        if !expected.contains(verdict) && !(judged == nil && expected.mayBeUncounted) {
          report("\(name(device, seq)) must be \(expected), and is \(verdict.rawValue)\(touched(device, seq))", &outcome)
        }
        cover(verdict, device, seq, &outcome)
      }
    }
    for (spelling, verdict) in left {
      report("nobody measured \(spelling.device) reading \(spelling.seq) of boot \(spelling.boot), and it is \(verdict.rawValue)", &outcome)
    }
    for verdict in Verdict.allCases where verdict != .phantom {
      let told = tally[verdict] ?? 0
      guard !((told - (verdict == .stored ? open : 0))...told).contains(result[verdict]) else { continue }
      report("\(tally[verdict] ?? 0) readings are \(verdict.rawValue), and \(result[verdict]) were counted", &outcome)
    }
  }

  private func name(_ device: Int, _ seq: Int) -> String {
    "\(truth.world.devices[device].id)\(truth.world.devices[device].twin == nil ? "" : " (clone)") reading \(seq)"
  }

  private func touched(_ device: Int, _ seq: Int) -> String {
    let sites = FaultSite.allCases.filter { truth.entries[device][seq].touched & (1 << $0.number) != 0 }
    return sites.isEmpty ? "" : "; touched by \(sites.map(\.rawValue).joined(separator: ", "))"
  }

  private func cover(_ verdict: Verdict, _ device: Int, _ seq: Int, _ outcome: inout TrialOutcome) {
    let cause = expectation.causes[ReadingName(device: device, seq: seq)]
    if verdict == .stored {
      for site in FaultSite.allCases where truth.entries[device][seq].touched & (1 << site.number) != 0 {
        outcome.coverage.add(.stored, site, 1)
      }
      outcome.coverage.add(.stored, nil, 1)
    } else if verdict == .pending {
      outcome.coverage.add(.pending, .slowStore, 1)
    } else {
      outcome.coverage.add(verdict, cause, 1)
    }
  }

  /// Who may have made what is bad.
  func blames(_ exceptions: [Reconciliation.Exception]) -> [Blame] {
    var seqs: [Spelling: (device: Int, seq: Int)] = [:]
    for device in truth.world.devices.indices where truth.originals[device] == device {
      for seq in truth.entries[device].indices {
        let reading = truth.entries[device][seq].reading
        seqs[Spelling(device: truth.world.devices[device].id, boot: reading.boot, seq: reading.seq)] = (device, seq)
      }
    }
    var list: [Blame] = []
    for exception in exceptions where exception.verdict != .phantom && (!exception.verdict.isPermitted || exception.verdict == .droppedLate)
    {
      guard let own = seqs[Spelling(device: exception.deviceID, boot: exception.boot, seq: exception.seq)] else { continue }
      list.append(
        Blame(
          verdict: exception.verdict, cause: expectation.causes[ReadingName(device: own.device, seq: own.seq)],
          touched: truth.entries[own.device][own.seq].touched, isClear: isClear(own.device, own.seq)))
    }
    for (site, count) in expectation.phantomCauses.sorted(by: { $0.key < $1.key }) {
      list.append(Blame(verdict: .phantom, cause: site, touched: 0, count: Int64(count)))
    }
    return list
  }

  /// Whether a reading that came too late came later by more than the ledger's bounds.
  private func isClear(_ device: Int, _ seq: Int) -> Bool {
    let entry = truth.entries[device][seq]
    guard expectation.causes[ReadingName(device: device, seq: seq)] == .earlyCutoff, entry.arrivedAt != .max else { return true }
    let slack = 2_000 + (entry.arrivedAt - entry.reading.trueTime) / 8
    return entry.arrivedAt - entry.reading.timestamp > scenario.earlyCutoff + slack
  }

  private func checkSums(_ what: String, _ expected: [String: Bounds], _ found: [String: Int], _ outcome: inout TrialOutcome) {
    for id in Set(expected.keys).union(found.keys).sorted() {
      let bounds = expected[id] ?? Bounds()
      let count = found[id] ?? 0
      guard !(bounds.least...bounds.most).contains(count) else { continue }
      let wanted = bounds.least == bounds.most ? "\(bounds.least)" : "\(bounds.least) to \(bounds.most)"
      report("\(id) must have \(wanted) \(what), and has \(count)", &outcome)
    }
  }
}
