import Reconciliation

/// Readings with the same key, of which the table holds one. Each is proof by itself: two readings were sent and the table cannot hold both.
struct MissingIDDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let hits = file.open(.collided)
    guard !hits.isEmpty else { return [] }
    let stepped = hits.filter { abs(file.cases[$0].timestamp - file.cases[$0].trueTime) > 1_000 }.count
    var evidence = [
      Diagnosis.Evidence(
        "\(Phrases.readings(Int64(hits.count))) \(hits.count == 1 ? "has" : "have") the sensor and the timestamp of another one with another value",
        harmed: Int64(hits.count), foretold: Int64(hits.count))
    ]
    if stepped > 0 { evidence.append(Diagnosis.Evidence("\(Phrases.number(Int64(stepped))) of them come from clocks that were wrong")) }
    return [
      Hypothesis(
        cause: .missingID,
        statement:
          "keeps one of several readings with the same sensor and timestamp: the table has neither event id nor sequence to tell them apart",
        evidence: evidence, contract: .key, explained: hits, detail: { _ in "another reading has its key" })
    ]
  }
}
