import Reconciliation

/// Readings that are stored more often than they should be, scattered over the run. Support: five, and more than one in thirty of all
/// duplicated ones, so that the edge of another finding does not look like one.
struct RepeatedWritesDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.duplicated)
    let all = (0..<file.badCount).filter { file.cases[$0].verdict == .duplicated }.count
    guard open.count >= Support.fewest, open.count * 30 >= all else { return [] }
    let extent = Extent(open, file, what: "readings")
    let once = open.filter { file.cases[$0].attempts <= 1 }.count
    return [
      Hypothesis(
        cause: .repeatedWrites, statement: "stores \(extent.text) more than once, scattered over the run",
        evidence: [
          extent.evidence,
          Diagnosis.Evidence(
            "\(Phrases.number(Int64(once))) of them were sent once, so that no repeat is the reason", harmed: Int64(once),
            foretold: Int64(open.count)),
        ], doubts: once * 2 < open.count ? ["most of them were sent more than once: the filter of repeats may fail now and then"] : [],
        contract: .deduplication, explained: open,
        detail: { "\($0.rows?.count ?? 2) rows, sent \($0.attempts == 1 ? "once" : "\($0.attempts) times")" })
    ]
  }
}
