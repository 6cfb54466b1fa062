import Reconciliation

/// Values that are exactly what a 32-bit floating-point number keeps of those that were sent. Five suffice: one by chance has a likelihood
/// below 1e-7.
struct SinglePrecisionDetector: Detector {
  /// Smaller changes are not seen where a bucket agrees: digests know values to a millionth.
  private static let least = 0.5e-6

  private static func isInexact(_ item: Case) -> Bool { abs(Double(Float(item.value)) - item.value) >= least }

  func detect(_ file: CaseFile) -> [Hypothesis] {
    // Where a value was kept as it is, something else is wrong with the row.
    let hits = file.open(.corrupted).filter {
      Self.isInexact(file.cases[$0]) && file.cases[$0].rows?.value == Double(Float(file.cases[$0].value))
    }
    guard hits.count >= Support.fewest else { return [] }
    let extent = Extent(hits, file, what: "values that it cannot hold", couldBe: Self.isInexact)
    return [
      Hypothesis(
        cause: .singlePrecision, statement: "stores values as 32-bit floating-point numbers: \(extent.text) are changed",
        evidence: [extent.evidence], contract: .value, explained: hits, foretells: (.corrupted, Self.isInexact),
        detail: { "\($0.value) became \($0.rows?.value.map { "\($0)" } ?? "NULL")" })
    ]
  }
}
