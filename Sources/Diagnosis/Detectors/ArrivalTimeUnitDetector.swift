import FleetSpec
import Reconciliation

/// Times of arrival that lie outside of the run, and inside when their unit is another one. It foretells no verdict: the time of arrival is
/// not compared with anything that was sent.
struct ArrivalTimeUnitDetector: Detector {
  private static let fewest = 5
  /// Milliseconds by which the clocks of pipeline and devices may differ.
  private static let tolerance: Milliseconds = 86_400_000

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let arrivals = file.run.observedArrivals
    let from = file.run.arrivals.lowerBound - Self.tolerance
    let to = file.run.arrivals.upperBound + Self.tolerance
    guard arrivals.count >= Self.fewest else { return [] }
    let inside = arrivals.filter { ($0.arrivedAtMicroseconds / 1_000) >= from && ($0.arrivedAtMicroseconds / 1_000) <= to }.count
    for unit in ArrivalUnit.allCases where unit != .right {
      let hits = arrivals.filter { arrival in
        guard let corrected = unit.corrected(arrival.arrivedAtMicroseconds) else { return false }
        return corrected / 1_000 >= from && corrected / 1_000 <= to
      }.count
      guard hits >= Self.fewest, hits * 10 >= arrivals.count * 9, inside * 10 < arrivals.count else { continue }
      let example = Phrases.instant(arrivals[0].arrivedAtMicroseconds / 1_000)
      return [
        Hypothesis(
          cause: .arrivalTimeUnit, statement: "stores the time of arrival in the wrong unit: \(unit.text)",
          evidence: [
            Diagnosis.Evidence(
              "\(Phrases.number(Int64(hits))) of \(Phrases.number(Int64(arrivals.count))) rows that were looked at arrived within the run when "
                + "the unit is corrected, \(Phrases.number(Int64(inside))) as they stand; the first stands at \(example)",
              harmed: Int64(hits), foretold: Int64(arrivals.count))
          ], contract: .arrival, explained: [])
      ]
    }
    return []
  }
}
