import FleetSpec
import Reconciliation

/// Readings that were sent more than once are stored more than once when the repeats lie far enough apart: the window of the filter.
/// Support: the likelihood ratio of the best boundary, corrected for all boundaries that were tried.
struct DeduplicationWindowDetector: Detector {
  /// A transmission need not have arrived, so not every reading beyond the window has two rows.
  private static let purity = 0.5

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let view = file.view(.duplicated)
    let points = view.map { index in
      let item = file.cases[index]
      return Boundary.Point(at: Self.distance(item), isHarmed: item.verdict == .duplicated, weight: item.weight)
    }
    guard let boundary = Boundary(points, purity: Self.purity) else { return [] }
    let limit = boundary.at
    let foretells: (Case) -> Bool = { Self.distance($0) > limit }
    let hits = file.open(.duplicated).filter { foretells(file.cases[$0]) }
    guard !hits.isEmpty else { return [] }
    let removesNone = limit <= 0 || !view.contains { file.cases[$0].attempts > 1 && Self.distance(file.cases[$0]) <= limit }
    let window = boundary.roundest
    var evidence = [
      Diagnosis.Evidence(
        boundary.counts, foretold: removesNone ? "readings that were sent more than once" : "readings that were sent again later than that",
        others: "others", harm: "have more rows than one")
    ]
    if !removesNone {
      evidence.append(
        Diagnosis.Evidence("boundary between \(Phrases.duration(boundary.lastSpared)) and \(Phrases.duration(boundary.firstHarmed))"))
    }
    var doubts: [String] = []
    if boundary.counts.harmed < boundary.counts.foretold {
      let spared = boundary.counts.foretold - boundary.counts.harmed
      doubts.append("\(Phrases.number(spared)) of them have one row: one of their transmissions may not have arrived")
    }
    return [
      Hypothesis(
        cause: .deduplicationWindow,
        statement: removesNone
          ? "does not remove repeats" : "forgets keys after \(Phrases.duration(window)): later repeats are stored again",
        evidence: evidence, doubts: doubts, contract: .deduplication, explained: hits, foretells: (.duplicated, foretells),
        detail: { "\($0.rows?.count ?? 2) rows, sent \($0.attempts) times within \(Phrases.duration($0.repeatSpan))" })
    ]
  }

  /// 0 for what was sent once.
  private static func distance(_ item: Case) -> Milliseconds { item.attempts > 1 ? max(1, item.repeatSpan) : 0 }
}
