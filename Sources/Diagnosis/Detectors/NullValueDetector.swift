import Reconciliation

/// NULL, or 0, where a value was sent. Five rows suffice: no value that is computed from another one is NULL by chance.
struct NullValueDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.corrupted)
    let nulls = open.filter { file.cases[$0].rows.map { $0.value == nil } ?? false }
    // What is cut to 0 is less than 1.
    let zeros = open.filter { file.cases[$0].rows?.value == 0 && abs(file.cases[$0].value) >= 1 }
    return stored("NULL", nulls, file) + stored("0", zeros, file)
  }

  private func stored(_ what: String, _ hits: [Int], _ file: CaseFile) -> [Hypothesis] {
    guard hits.count >= Support.fewest else { return [] }
    let counts = file.count(file.view(.corrupted), .corrupted) { $0.value == 0 }
    let ofZero = hits.filter { file.cases[$0].value == 0 }
    let others = hits.filter { file.cases[$0].value != 0 }
    // Zeros that nearly all become NULL are a matter of their own, whatever becomes of other values.
    guard ofZero.count >= Support.fewest, counts.shareOfForetold > 0.9, Support.isSufficient(counts.logLikelihoodRatio, tried: 2) else {
      return [anywhere(what, hits, file)]
    }
    let zeros = Hypothesis(
      cause: .zeroHandling, statement: "stores \(what) in place of values that are 0",
      evidence: [Diagnosis.Evidence(counts, foretold: "values of 0", others: "other values", harm: "are \(what)")], contract: .value,
      explained: ofZero, foretells: (.corrupted, { $0.value == 0 }), detail: { _ in "0 became \(what)" })
    return others.count >= Support.fewest ? [zeros, anywhere(what, others, file)] : [zeros]
  }

  private func anywhere(_ what: String, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let extent = Extent(hits, file, what: "values")
    return Hypothesis(
      cause: .nullHandling, statement: "stores \(what) in place of \(extent.text)", evidence: [extent.evidence], contract: .value,
      explained: hits, detail: { "\($0.value) became \(what)" })
  }
}
