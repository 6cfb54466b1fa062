import FleetSpec
import Reconciliation

/// Everything is lost that is stamped further ahead of its arrival than some time. Support: as for lateness.
struct FutureCutOffDetector: Detector {
  private static let purity = 0.9
  private static let least: Milliseconds = 200

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let points = TimeCutOff.points(file) { -$0.lateness }
    guard let boundary = Boundary(points, purity: Self.purity), boundary.firstHarmed >= Self.least else { return [] }
    let limit = boundary.at
    let foretells: (Case) -> Bool = { -$0.lateness > limit }
    let hits = file.open(.lost).filter { foretells(file.cases[$0]) }
    guard !hits.isEmpty else { return [] }
    return [
      Hypothesis(
        cause: .futureCutOff,
        statement: "drops rows that are stamped more than \(Phrases.duration(boundary.roundest)) ahead of their arrival",
        evidence: [
          Diagnosis.Evidence(boundary.counts, foretold: "readings stamped further ahead", others: "others", harm: "are missing"),
          Diagnosis.Evidence(
            "boundary between \(Phrases.clock(max(0, boundary.lastSpared))) and \(Phrases.clock(boundary.firstHarmed)) ahead"),
        ], doubts: TimeCutOff.doubts(hits, file), contract: .future, explained: hits, foretells: (.lost, foretells),
        detail: { "stamped \(Phrases.duration(-$0.lateness)) ahead" })
    ]
  }
}
