import Reconciliation

/// Readings that the broker acknowledged and the store does not have, with nothing in common. Support: five, and more than one in thirty of
/// all lost ones, so that the edge of another finding does not look like one.
struct BrokerStoreGapDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.lost)
    let all = (0..<file.badCount).filter { file.cases[$0].verdict == .lost }.count
    guard open.count >= Support.fewest, open.count * 30 >= all else { return [] }
    guard !file.isAnonymous else { return [anonymous(open, file)] }
    let extent = Extent(open, file, what: "readings")
    return [
      Hypothesis(
        cause: .brokerStoreGap, statement: "loses \(extent.text) between broker and store, whatever they are",
        evidence: [
          extent.evidence,
          Diagnosis.Evidence("no site, firmware, sensor, device, partition, time, lateness or value separates them from the others"),
        ], doubts: open.count < 30 ? ["they are few: a pattern in them would hardly show"] : [], contract: .delivery, explained: open,
        detail: { "acknowledged, sent \($0.attempts == 1 ? "once" : "\($0.attempts) times")" })
    ]
  }

  /// Where it is not known which readings they are, nothing can be said of what they have in common.
  private func anonymous(_ open: [Int], _ file: CaseFile) -> Hypothesis {
    let arrived = file.cases.reduce(0.0) { $0 + ($1.hasArrived ? $1.weight : 0) }
    return Hypothesis(
      cause: .brokerStoreGap,
      statement:
        "loses \(Phrases.percent(Double(open.count), of: arrived)) of the readings between broker and store, not at any time in particular",
      evidence: [
        Diagnosis.Evidence(
          "\(Phrases.number(Int64(open.count))) of \(Phrases.number(arrived)) readings", harmed: Int64(open.count),
          foretold: Int64(arrived.rounded()))
      ],
      doubts: ["the table does not tell whose a row is, so that nobody can say whether they have a site, a device or a sensor in common"],
      contract: .delivery, explained: open, detail: { _ in "no row has its instant and value" })
  }
}
