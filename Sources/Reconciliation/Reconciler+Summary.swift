import FleetSpec
import World

/// The result: counts, findings, thresholds.
extension Reconciler {
  func summarise() throws -> ReconciliationResult {
    var verdicts: [String: Int64] = [:]
    for verdict in Verdict.allCases { verdicts[verdict.rawValue] = counts[verdict] }
    let thresholds = judgeThresholds()
    return ReconciliationResult(
      runID: facts.runID, seed: world.fleet.seed, fleet: world.fleet.name, startedAt: Units.format(instant: facts.wallStart),
      endedAt: Units.format(instant: facts.wallEnd), runState: facts.state, readings: counts.readings,
      messagesPublished: facts.published, verdicts: verdicts, findings: findings(), thresholds: thresholds,
      passed: isDrained && sampleFailures == 0 && keptFailures == 0 && thresholds.allSatisfy(\.met), delivery: facts.delivery, work: work)
  }

  /// Verdicts that break the contract are allowed 0 times unless the fleet file says otherwise.
  private func judgeThresholds() -> [ThresholdResult] {
    var limits: [(Verdict, Int64)] = []
    for verdict in Verdict.allCases {
      if let own = world.fleet.thresholds.first(where: { $0.verdict == verdict.rawValue }) {
        switch own.limit {
        case .count(let count): limits.append((verdict, Int64(count)))
        case .share(let share): limits.append((verdict, Int64((share * Double(counts.readings)).rounded(.down))))
        }
      } else if breaksContract(verdict) {
        limits.append((verdict, 0))
      }
    }
    return limits.map { verdict, limit in
      ThresholdResult(verdict: verdict.rawValue, limit: limit, actual: counts[verdict], met: counts[verdict] <= limit)
    }
  }

  private func breaksContract(_ verdict: Verdict) -> Bool {
    if verdict == .pending { return false }
    // An at-most-once pipeline has not promised that everything arrives.
    if verdict == .lost && world.fleet.pipeline.delivery == .atMostOnce { return false }
    return !verdict.isPermitted
  }

  private func findings() -> [Finding] {
    var list: [Finding] = []
    for verdict in Verdict.allCases where counts[verdict] > 0 && breaksContract(verdict) {
      list.append(
        Finding(
          severity: .broken, subject: verdict.rawValue, title: title(verdict), count: counts[verdict], evidence: evidence(verdict),
          examples: examples(verdict)))
    }
    return list + notes()
  }

  private func title(_ verdict: Verdict) -> String {
    let count = counts[verdict]
    let readings = count == 1 ? "1 reading" : "\(Units.grouped(count)) readings"
    return switch verdict {
    case .lost: "\(readings) acknowledged by the broker and missing from the store"
    case .duplicated: "\(readings) stored more often than the contract allows"
    case .corrupted: "\(readings) stored with something else than what was sent"
    case .misplaced: "\(readings) stored under a wrong timestamp"
    case .phantom: count == 1 ? "1 row that no device sent" : "\(Units.grouped(count)) rows that no device sent"
    case .acceptedMalformed: "\(readings) with a malformed payload stored nevertheless"
    case .collided: "\(readings) overwritten or refused because the store's key does not tell them apart"
    default: "\(readings) \(verdict.rawValue)"
    }
  }

  private static func part(_ count: some BinaryInteger, _ whole: Int64) -> String {
    "\(Units.grouped(Int64(count))) of \(Units.grouped(whole))"
  }

  private func evidence(_ verdict: Verdict) -> [String] {
    switch verdict {
    case .corrupted:
      return (exceptions.details[.corrupted] ?? Tally()).sorted.map { "column \($0.name): \(Self.part($0.count, counts[.corrupted]))" }
    case .misplaced: return shifts.sorted.prefix(5).map { "\($0.name): \(Self.part($0.count, counts[.misplaced]))" }
    case .duplicated:
      return (exceptions.details[.duplicated] ?? Tally()).sorted.prefix(5).map { "\($0.name): \(Self.part($0.count, counts[.duplicated]))" }
    default: return []
    }
  }

  private func examples(_ verdict: Verdict) -> [Finding.Example] {
    (exceptions.examples[verdict] ?? []).map {
      Finding.Example(
        deviceID: $0.deviceID, seq: $0.seq, sensorID: $0.sensorID, timestamp: Units.format(instant: $0.timestamp),
        detail: $0.detail.isEmpty ? verdict.rawValue : $0.detail)
    }
  }

  private func notes() -> [Finding] {
    var notes: [Finding] = []
    func note(_ subject: String, _ title: String, _ count: Int64 = 0) {
      notes.append(Finding(severity: .note, subject: subject, title: title, count: count, evidence: [], examples: []))
    }
    if facts.state == "killed" {
      note(
        "killed_run",
        "the run was killed: its ledger is complete until \(Units.format(instant: facts.durableUntil)); later readings count only if stored"
      )
    }
    if facts.state == "interrupted" { note("interrupted_run", "the run was interrupted; everything until then is judged") }
    if !isDrained {
      note("not_drained", "the store was still changing after \(options.waitAtMost / 1_000) s; missing readings are pending, not lost")
    }
    if !store.knowsArrivals {
      note("no_ingested_at", "the table does not tell arrivals: rows far outside the run's time, order and latency are not observable")
    }
    notes += mappingNotes()
    notes += brokerNotes()
    if work.foreignRows > 0 {
      note(
        "foreign_rows", "\(Units.grouped(work.foreignRows)) rows of other devices or other runs in the same table were left out",
        work.foreignRows)
    }
    if sampleFailures > 0 {
      note(
        "digest", "\(sampleFailures) readings in agreeing buckets are not stored as sent: report this as a defect of heliograph",
        sampleFailures)
    }
    if keptFailures > 0 {
      note(
        "kept_digests",
        "\(keptFailures) sums in the ledger are not those of the readings that this heliograph regenerates: judge the run with the version"
          + " that played it, and with its own fleet.yaml",
        keptFailures)
    }
    return notes
  }
}
