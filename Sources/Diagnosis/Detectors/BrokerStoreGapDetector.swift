import Reconciliation

/// Readings that the broker acknowledged and the store does not have, with nothing in common. Support: five, and more than one in thirty of
/// all lost ones, so that the edge of another finding does not look like one.
struct BrokerStoreGapDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.lost)
    let all = (0..<file.badCount).filter { file.cases[$0].verdict == .lost }.count
    guard open.count >= Support.fewest, open.count * 30 >= all else { return [] }
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
}
