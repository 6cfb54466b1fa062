import Reconciliation

/// Readings of counters are lost that are lower than an earlier one which is stored: a check that forbids a counter to go down.
/// Support: the likelihood ratio among readings of counters that are stored or lost, and nine in ten of such readings lost.
struct CounterResetDetector: Detector {
  private static let purity = 0.9

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let view = file.view(.lost).filter { file.cases[$0].traits.contains(.isCounter) }
    // The check may stand before or behind what else loses readings.
    let rules: [(Case) -> Bool] = [
      { $0.traits.contains(.isCounter) && $0.value < $0.highest },
      { $0.traits.contains(.isCounter) && $0.value < $0.highestArrived },
    ]
    let candidates = rules.map { ($0, file.count(view, .lost, $0)) }.filter { $0.1.shareOfForetold >= Self.purity }
    guard let (foretells, counts) = candidates.max(by: { $0.1.logLikelihoodRatio < $1.1.logLikelihoodRatio }),
      Support.isSufficient(counts.logLikelihoodRatio, tried: rules.count)
    else { return [] }
    return [
      Hypothesis(
        cause: .counterRollOver,
        statement: "drops readings of counters that are lower than an earlier one: it does not expect that a counter begins anew",
        evidence: [
          Diagnosis.Evidence(counts, foretold: "lower readings of counters", others: "other readings of counters", harm: "are missing")
        ], contract: .delivery, explained: file.open(.lost).filter { foretells(file.cases[$0]) }, foretells: (.lost, foretells),
        detail: { "\($0.value), highest before \($0.highestArrived)" })
    ]
  }
}
