import FleetSpec
import Reconciliation

/// Readings that were sent again later than the contract asks the pipeline to remember them, and that have one row all the same. It harms
/// none of them, so it explains no verdict; but readings with the same key that are no repeats would be lost. Support: five, and nine in ten.
struct WideWindowDetector: Detector {
  static let fewest: Int64 = 5
  private static let purity = 0.9
  /// A repeat this much beyond the window arrives beyond it.
  private static let margin: Milliseconds = 1_000

  func detect(_ file: CaseFile) -> [Hypothesis] {
    guard let window = file.pipeline.deduplication?.window, !file.pipeline.deduplicatesByEvent else { return [] }
    var counts = Contingency()
    var longest: Milliseconds = 0
    for item in file.cases where item.isWhole && item.isExact && item.attempts > 1 && item.repeatSpan > window + Self.margin {
      let isOne = item.verdict == .stored && item.rows?.count ?? 1 == 1
      counts.add(isForetold: true, isHarmed: isOne, weight: item.weight)
      if isOne { longest = max(longest, item.repeatSpan) }
    }
    guard counts.foretold >= Double(Self.fewest), counts.shareOfForetold >= Self.purity else { return [] }
    return [
      Hypothesis(
        cause: .deduplicationWindow,
        statement: "removes repeats for longer than promised: for \(Phrases.duration(longest)) at least, not \(Phrases.duration(window))",
        evidence: [
          Diagnosis.Evidence(
            "\(Phrases.number(counts.harmed)) of \(Phrases.number(counts.foretold)) readings that were sent again after the window have one row",
            harmed: Int64(counts.harmed.rounded()), foretold: Int64(counts.foretold.rounded()))
        ], doubts: ["a transmission of theirs may not have arrived"], contract: .deduplication, explained: [], changesNoVerdict: true,
        subject: "wider")
    ]
  }
}

extension Pipeline {
  /// Whether a repeat under an event id of its own is another message.
  fileprivate var deduplicatesByEvent: Bool { deduplication?.keys.contains("event_id") ?? false }
}
