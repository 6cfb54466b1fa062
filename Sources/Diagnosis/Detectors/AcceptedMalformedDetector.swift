import Reconciliation
import World

/// Payloads that the contract says must be refused, and that were stored. Each is proof by itself; they are told by kind.
struct AcceptedMalformedDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.acceptedMalformed)
    return Malformation.allCases.compactMap { kind in
      let hits = open.filter { file.cases[$0].malformation == kind }
      guard !hits.isEmpty else { return nil }
      let refused = file.refused.filter { $0.malformation == kind && $0.verdict == .rejected }.count
      return Hypothesis(
        cause: .payloadKind, statement: "stores readings from \(Phrases.kind(kind))",
        evidence: [
          Diagnosis.Evidence(
            "\(Phrases.number(Int64(hits.count))) of \(Phrases.number(Int64(hits.count + refused))) such payloads are stored",
            harmed: Int64(hits.count), foretold: Int64(hits.count + refused))
        ], contract: .malformed, explained: hits, subject: Phrases.kind(kind), detail: { _ in Phrases.kind(kind) })
    }
  }
}
