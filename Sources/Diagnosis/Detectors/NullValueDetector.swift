import Reconciliation

/// NULL, or 0, where a value was sent. Five rows suffice: no value that is computed from another one is NULL by chance.
struct NullValueDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.corrupted)
    let nulls = open.filter { file.cases[$0].rows.map { $0.value == nil } ?? false }
    // What is cut to 0 is less than 1.
    let zeros = open.filter { file.cases[$0].rows?.value == 0 && abs(file.cases[$0].value) >= 1 }
    var found: [Hypothesis] = []
    if nulls.count >= Support.fewest { found.append(stored("NULL", nulls, file)) }
    if zeros.count >= Support.fewest { found.append(stored("0", zeros, file)) }
    return found
  }

  private func stored(_ what: String, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let areZeros = hits.allSatisfy { file.cases[$0].value == 0 }
    let counts = file.count(file.view(.corrupted), .corrupted) { $0.value == 0 }
    if areZeros, counts.shareOfForetold > 0.9, Support.isSufficient(counts.logLikelihoodRatio, tried: 2) {
      return Hypothesis(
        cause: .zeroHandling, statement: "stores \(what) in place of values that are 0",
        evidence: [Diagnosis.Evidence(counts, foretold: "values of 0", others: "other values", harm: "are \(what)")], contract: .value,
        explained: hits, foretells: (.corrupted, { $0.value == 0 }), detail: { _ in "0 became \(what)" })
    }
    let extent = Extent(hits, file, what: "values")
    return Hypothesis(
      cause: .nullHandling, statement: "stores \(what) in place of \(extent.text)", evidence: [extent.evidence], contract: .value,
      explained: hits, detail: { "\($0.value) became \(what)" })
  }
}
