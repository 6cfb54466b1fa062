import Reconciliation

/// Sound readings of one kind are lost: of a quality, out of range, with a unit of their own. Support: the likelihood ratio, corrected for
/// the kinds that were tried, and nine in ten of such readings lost.
struct PayloadKindDetector: Detector {
  private static let purity = 0.9

  func detect(_ file: CaseFile) -> [Hypothesis] {
    var file = file
    var found: [Hypothesis] = []
    while found.count < 4 {
      let view = file.view(.lost)
      let ranked = Separation.ranked(view, .lost, file) { file.cases[$0].verdict == .lost }
      let fitting = ranked.first {
        ($0.feature == .quality || $0.feature == .payload) && $0.counts.shareOfForetold >= Self.purity
          && Support.isSufficient($0.counts.logLikelihoodRatio, tried: $0.tried * 2)
      }
      guard let fitting else { break }
      let world = file.world
      let foretells: (Case) -> Bool = { fitting.feature.level($0, world) == fitting.level }
      let hypothesis = Hypothesis(
        cause: .payloadKind, statement: "drops readings with \(fitting.feature.text(fitting.level, world))",
        evidence: [Diagnosis.Evidence(fitting.counts, foretold: "such readings", others: "others", harm: "are missing")],
        contract: .delivery, explained: file.open(.lost).filter { foretells(file.cases[$0]) }, foretells: (.lost, foretells),
        subject: fitting.feature.text(fitting.level, world))
      found.append(hypothesis)
      file.explain(hypothesis)
    }
    return found
  }
}
