import Reconciliation

/// Zeros are lost. Support: the likelihood ratio, and 98 of 100 zeros lost: less is left of them where equal values are taken for repeats.
struct ZeroHandlingDetector: Detector {
  private static let purity = 0.98

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let foretells: (Case) -> Bool = { $0.value == 0 }
    let counts = file.count(file.view(.lost), .lost, foretells)
    guard counts.shareOfForetold >= Self.purity, Support.isSufficient(counts.logLikelihoodRatio, tried: 1) else { return [] }
    return [
      Hypothesis(
        cause: .zeroHandling, statement: "drops readings whose value is 0",
        evidence: [Diagnosis.Evidence(counts, foretold: "zeros", others: "other values", harm: "are missing")], contract: .delivery,
        explained: file.open(.lost).filter { foretells(file.cases[$0]) }, foretells: (.lost, foretells), detail: { _ in "value 0" })
    ]
  }
}
