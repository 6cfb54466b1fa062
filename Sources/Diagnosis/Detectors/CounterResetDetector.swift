import Reconciliation

/// Readings of counters are lost that are lower than the last one which was let through: a check that forbids a counter to go down.
/// Support: the likelihood ratio among readings of counters, and nine in ten of such readings lost.
struct CounterResetDetector: Detector {
  private static let purity = 0.9

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let foretells: (Case) -> Bool = { $0.traits.contains(.isCounter) && $0.value < $0.lastValue }
    let view = file.view(.lost).filter { file.cases[$0].traits.contains(.isCounter) }
    let counts = file.count(view, .lost, foretells)
    guard counts.shareOfForetold >= Self.purity, Support.isSufficient(counts.logLikelihoodRatio, tried: 1) else { return [] }
    return [
      Hypothesis(
        cause: .counterRollOver,
        statement: "drops readings of counters that are lower than the one before: it does not expect that a counter begins anew",
        evidence: [
          Diagnosis.Evidence(counts, foretold: "lower readings of counters", others: "other readings of counters", harm: "are missing")
        ],
        contract: .delivery, explained: file.open(.lost).filter { foretells(file.cases[$0]) }, foretells: (.lost, foretells),
        detail: { "\($0.value) after \($0.lastValue)" })
    ]
  }
}
