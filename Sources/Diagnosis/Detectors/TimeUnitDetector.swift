import FleetSpec
import Reconciliation

/// Rows that stand exactly where a timestamp lands that is read in another unit, or cut off. A single row suffices: the chance that another
/// cause puts the right value of the right sensor at that very microsecond is below 1e-9.
struct TimeUnitDetector: Detector {
  private struct Mistake {
    var cause: Diagnosis.Cause
    var text: String
    /// Fewest rows.
    var fewest: Int
    /// Microseconds that milliseconds become.
    var stored: (Milliseconds) -> Int64
  }

  private static var mistakes: [Mistake] {
    [
      Mistake(cause: .timeUnit, text: "milliseconds are taken for microseconds", fewest: 1) { $0 },
      Mistake(cause: .timeUnit, text: "milliseconds are taken for nanoseconds", fewest: 1) { $0 / 1_000 },
      Mistake(cause: .timeUnit, text: "seconds are taken for milliseconds", fewest: 1) { $0 / 1_000 * 1_000 },
      Mistake(cause: .timeUnit, text: "seconds are taken for microseconds", fewest: 1) { $0 / 1_000 },
      Mistake(cause: .timeUnit, text: "milliseconds are taken for seconds", fewest: 1) {
        $0.multipliedReportingOverflow(by: 1_000_000).partialValue
      },
      Mistake(cause: .rounding, text: "their milliseconds are cut off", fewest: 5) { $0 / 1_000 * 1_000_000 },
      Mistake(cause: .rounding, text: "their seconds are cut off", fewest: 5) { $0 / 60_000 * 60_000_000 },
    ]
  }

  func detect(_ file: CaseFile) -> [Hypothesis] {
    var rest = file.open(.misplaced)
    var found: [Hypothesis] = []
    for mistake in Self.mistakes {
      let hits = rest.filter { file.cases[$0].rows?.timestampMicroseconds == mistake.stored(file.cases[$0].timestamp) }
      // Where all lie apart by the same, a constant offset says it better.
      let shifts = Set(hits.map { mistake.stored(file.cases[$0].timestamp) - file.cases[$0].timestamp * 1_000 })
      guard hits.count >= mistake.fewest, mistake.cause == .timeUnit || shifts.count > 2 else { continue }
      let taken = Set(hits)
      rest.removeAll { taken.contains($0) }
      found.append(hypothesis(mistake, hits, file))
    }
    return found
  }

  private func hypothesis(_ mistake: Mistake, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let extent = Extent(hits, file, what: "readings")
    let place =
      mistake.cause == .timeUnit
      ? ", so that they land at \(Phrases.instant((file.cases[hits[0]].rows?.timestampMicroseconds ?? 0) / 1_000))" : ""
    return Hypothesis(
      cause: mistake.cause, statement: "stores \(extent.text) at a wrong time: \(mistake.text)\(place)",
      evidence: [
        extent.evidence,
        Diagnosis.Evidence(
          "\(Phrases.number(Int64(hits.count))) of \(Phrases.number(Int64(file.open(.misplaced).count))) misplaced rows stand exactly there"
        ),
      ], contract: .timestamp, explained: hits, subject: mistake.text,
      detail: { item in
        "stored at \(Phrases.instant((item.rows?.timestampMicroseconds ?? 0) / 1_000))"
      })
  }
}
