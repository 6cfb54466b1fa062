import FleetSpec
import Reconciliation

/// Everything is lost that arrives later than some time after its timestamp. Support: the likelihood ratio of the best boundary, corrected
/// for all boundaries that were tried, and nine in ten of the later ones lost.
struct LatenessCutOffDetector: Detector {
  private static let purity = 0.9
  /// Less is the delay of any network.
  private static let least: Milliseconds = 200

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let points = TimeCutOff.points(file) { $0.lateness }
    guard let boundary = Boundary(points, purity: Self.purity), boundary.firstHarmed >= Self.least else { return [] }
    let limit = boundary.at
    let foretells: (Case) -> Bool = { $0.lateness > limit }
    let hits = file.open(.lost).filter { foretells(file.cases[$0]) }
    guard !hits.isEmpty else { return [] }
    return [
      Hypothesis(
        cause: .latenessCutOff, statement: "drops rows that arrive more than \(Phrases.duration(boundary.roundest)) after their timestamp",
        evidence: [
          Diagnosis.Evidence(boundary.counts, foretold: "later readings", others: "earlier ones", harm: "are missing"),
          Diagnosis.Evidence("boundary between \(Phrases.clock(boundary.lastSpared)) and \(Phrases.clock(boundary.firstHarmed))"),
        ], doubts: TimeCutOff.doubts(hits, file), contract: .lateness, explained: hits, foretells: (.lost, foretells),
        edge: TimeCutOff.edge(boundary),
        detail: { "sent \(Phrases.duration($0.lateness)) after its timestamp" })
    ]
  }
}

/// What both cut-offs have in common.
enum TimeCutOff {
  /// A reading is judged when it arrives, which is at most this much later than it was sent.
  private static let transit: Milliseconds = 500

  /// What was sent a little earlier and came too late all the same: on its way, where something was sent so close to the boundary, or because
  /// nothing but a later transmission arrived.
  static func edge(_ boundary: Boundary) -> (verdict: Verdict, of: (Case) -> Bool) {
    let from = boundary.firstHarmed - boundary.at <= transit ? boundary.at - transit : boundary.at
    return (
      .lost,
      { item in
        item.lateness > from - (from < boundary.at ? item.sentMargin : 0)
          || (item.attempts > 1 && item.lateness + item.repeatSpan > boundary.at)
      }
    )
  }

  /// The open lost readings, those that the contract lets the pipeline drop for their time, and all that are stored.
  static func points(_ file: CaseFile, _ number: (Case) -> Milliseconds) -> [Boundary.Point] {
    var points: [Boundary.Point] = []
    for (index, item) in file.cases.enumerated() where item.hasArrived {
      if index < file.badCount, item.isDropped, file.isExplained[index] { continue }
      // What was dropped for being stamped ahead says nothing about what is late.
      if item.verdict == .droppedLate, number(item) < 0 { continue }
      points.append(Boundary.Point(at: number(item), isHarmed: item.isDropped, weight: item.weight))
    }
    return points
  }

  static func doubts(_ hits: [Int], _ file: CaseFile) -> [String] {
    let vague = hits.filter { file.cases[$0].sentLatest - file.cases[$0].sentEarliest > 1_000 }.count
    return vague * 2 > hits.count
      ? ["of \(Phrases.number(Int64(vague))) of them the ledger knows the time of sending to more than a second only"] : []
  }
}
