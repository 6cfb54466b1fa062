import Reconciliation

/// Holds the numbers of verdicts against what they must be, where rows do not tell whose they are.
struct AnonymousComparison {
  private let expected: [Verdict: Bounds]

  init(_ expected: [Verdict: Bounds]) { self.expected = expected }

  func check(_ result: ReconciliationResult, _ exceptions: [Reconciliation.Exception], into outcome: inout TrialOutcome) {
    var told: [Verdict: Int64] = [:]
    for exception in exceptions { told[exception.verdict, default: 0] += 1 }
    for verdict in Verdict.allCases {
      let bounds = expected[verdict] ?? Bounds()
      let count = result[verdict]
      if !(Int64(bounds.least)...Int64(bounds.most)).contains(count) {
        let wanted = bounds.least == bounds.most ? "\(bounds.least)" : "\(bounds.least) to \(bounds.most)"
        outcome.mismatches.append(Mismatch(description: "\(wanted) must be \(verdict.rawValue), and \(count) are"))
      }
      if verdict != .stored, told[verdict] ?? 0 != count {
        outcome.mismatches.append(Mismatch(description: "\(told[verdict] ?? 0) \(verdict.rawValue) were told, and \(count) counted"))
      }
      if verdict != .phantom { outcome.readings += count }
      outcome.uncertain += Int64(bounds.most - bounds.least)
    }
    outcome.coverage.add(.stored, nil, result[.stored])
  }
}
