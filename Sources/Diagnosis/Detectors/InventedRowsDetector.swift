import Reconciliation

/// Rows that no device sent and no shift explains. Three suffice: each is proof by itself.
struct InventedRowsDetector: Detector {
  private static let fewest: Int64 = 3

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let count = file.phantomCount - file.explainedPhantoms
    guard count >= Self.fewest else { return [] }
    let sensors = Set(file.phantoms.map(\.sensorID)).count
    return [
      Hypothesis(
        cause: .inventedRows, statement: "stores \(Phrases.number(count)) rows that no device sent",
        evidence: [
          Diagnosis.Evidence(
            "no reading of their sensors has their timestamp, nor one that is off by what other rows are off by; they are of \(Phrases.number(Int64(sensors))) sensors"
          )
        ], doubts: ["rows of another program that writes as these devices would look alike"], contract: .delivery, explained: [],
        phantoms: count)
    ]
  }
}
