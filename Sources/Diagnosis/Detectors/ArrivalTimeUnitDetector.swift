import FleetSpec
import Reconciliation

/// Times of arrival that lie outside of the run, and inside when their unit is another one. It foretells no verdict: the time of arrival is
/// not compared with anything that was sent.
struct ArrivalTimeUnitDetector: Detector {
  private static let fewest = 5
  /// Milliseconds by which the clocks of pipeline and devices may differ.
  private static let tolerance: Milliseconds = 86_400_000

  /// The wrong unit in which a run's arrivals are stored, how many of those that were looked at fit it, and how many fit as they stand.
  static func mistake(_ run: ObservedRun) -> (unit: ArrivalUnit, hits: Int, inside: Int)? {
    let arrivals = run.observedArrivals
    let from = run.arrivals.lowerBound - tolerance
    let to = run.arrivals.upperBound + tolerance
    guard arrivals.count >= fewest else { return nil }
    let inside = arrivals.filter { ($0.arrivedAtMicroseconds / 1_000) >= from && ($0.arrivedAtMicroseconds / 1_000) <= to }.count
    for unit in ArrivalUnit.allCases where unit != .right {
      let hits = arrivals.filter { arrival in
        guard let corrected = unit.corrected(arrival.arrivedAtMicroseconds) else { return false }
        return corrected / 1_000 >= from && corrected / 1_000 <= to
      }.count
      if hits >= fewest, hits * 10 >= arrivals.count * 9, inside * 10 < arrivals.count { return (unit, hits, inside) }
    }
    return nil
  }

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let arrivals = file.run.observedArrivals
    guard let (unit, hits, inside) = Self.mistake(file.run) else { return [] }
    let example = Phrases.instant(arrivals[0].arrivedAtMicroseconds / 1_000)
    return [
      Hypothesis(
        cause: .arrivalTimeUnit, statement: "stores the time of arrival in the wrong unit: \(unit.text)",
        evidence: [
          Diagnosis.Evidence(
            "\(Phrases.number(Int64(hits))) of \(Phrases.number(Int64(arrivals.count))) rows that were looked at arrived within the run when "
              + "the unit is corrected, \(Phrases.number(Int64(inside))) as they stand; the first stands at \(example)",
            harmed: Int64(hits), foretold: Int64(arrivals.count))
        ], contract: .arrival, explained: [], changesNoVerdict: true)
    ]
  }
}
