/// How a diagnosis did, for people and for programs.
struct DiagnosisReport {
  private let tally: DiagnosisTally
  /// The most mistakes that are told.
  private static let most = 20

  init(_ tally: DiagnosisTally) { self.tally = tally }

  /// Two tables, and what was wrong.
  var lines: [String] {
    var lines = ["", "Findings of the diagnosis by cause:", ""]
    let causes = tally.findings.sorted { $0.key < $1.key }
    lines += causes.map { "  " + ProofReport.pad($0.key, 32) + ProofReport.padLeft("\($0.value)", 7) }
    lines += ["", "Defects with \(DiagnosisCheck.support) bad readings or more that are nearly all theirs, by seed:", ""]
    lines.append("  " + ProofReport.pad("site", 25) + ProofReport.padLeft("seeds", 7) + ProofReport.padLeft("named", 7))
    for site in FaultSite.allCases {
      guard let due = tally.due[site] else { continue }
      lines.append(
        "  " + ProofReport.pad(site.rawValue, 25) + ProofReport.padLeft("\(due)", 7) + ProofReport.padLeft("\(tally.named[site] ?? 0)", 7))
    }
    for mistake in tally.mistakes.prefix(DiagnosisReport.most) {
      lines += ["", "\(DiagnosisReport.title(mistake.failure)), seed \(mistake.scenario.seed)", "  \(mistake.description)"]
      lines.append("  replay: \(ProofReport.replay(mistake.scenario))")
    }
    if tally.mistakes.count > DiagnosisReport.most { lines += ["", "and \(tally.mistakes.count - DiagnosisReport.most) more like these"] }
    return lines
  }

  /// One sentence.
  var conclusion: String {
    let counts =
      "\(tally.count(.falseFinding)) of \(tally.findingCount) findings are false, and \(tally.count(.overlooked)) of \(tally.dueCount) defects are overlooked"
    return tally.holds
      ? "Diagnosis: \(counts)." : "Diagnosis: \(counts): more than one in a hundred, or one in ten, is too many."
  }

  private static func title(_ failure: DiagnosisTally.Failure) -> String {
    switch failure {
    case .falseFinding: "FALSE FINDING"
    case .overlooked: "OVERLOOKED"
    }
  }

  struct Document: Encodable {
    struct Mistake: Encodable {
      var kind: String
      var seed: UInt64
      var text: String
      var replay: String
    }
    var holds: Bool
    var findings: [String: Int]
    /// By site: in how many seeds it had to be named, and was.
    var due: [String: Int]
    var named: [String: Int]
    var mistakes: [Mistake]
  }

  var document: Document {
    Document(
      holds: tally.holds, findings: tally.findings, due: DiagnosisReport.byName(tally.due), named: DiagnosisReport.byName(tally.named),
      mistakes: tally.mistakes.map {
        Document.Mistake(
          kind: $0.failure == .falseFinding ? "false_finding" : "overlooked", seed: $0.scenario.seed, text: $0.description,
          replay: ProofReport.replay($0.scenario))
      })
  }

  private static func byName(_ counts: [FaultSite: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
  }
}
