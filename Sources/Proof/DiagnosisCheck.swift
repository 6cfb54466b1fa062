import Diagnosis
import Reconciliation

/// A bad reading or row, and who may have made it so.
struct Blame {
  var verdict: Verdict
  /// What made the verdict, as the oracle has it.
  var cause: FaultSite?
  /// All sites that touched the reading, one bit each.
  var touched: UInt64
  var count: Int64 = 1

  func concerns(_ site: FaultSite) -> Bool { cause == site || touched & (1 << site.number) != 0 }
}

/// Holds a diagnosis against what the sites really did.
///
/// A finding is false when the sites that can produce its cause had a hand in less than half as many bad readings as it explains. A site is
/// overlooked when it has made at least `support` readings bad, which are at least four in five of those with the same verdict, and no finding
/// names what it does.
struct DiagnosisCheck {
  private let scenario: Scenario
  private let suspicion: Suspicion
  private let blames: [Blame]

  /// As many bad readings must be named: fewer may be taken for chance.
  static let support: Int64 = 40

  init(_ scenario: Scenario, _ blames: [Blame]) {
    self.scenario = scenario
    suspicion = Suspicion(scenario)
    self.blames = blames
  }

  func check(_ diagnosis: Diagnosis, into outcome: inout TrialOutcome) {
    for finding in diagnosis.findings {
      let real = blames.reduce(Int64(0)) { $0 + (isPossible(finding.cause, $1) ? $1.count : 0) }
      outcome.named[finding.cause.rawValue, default: 0] += 1
      guard real * 2 < finding.explained || real == 0 else { continue }
      outcome.falseFindings.append(
        Mismatch(
          description:
            "false finding \(finding.cause.rawValue), explains \(finding.explained), \(real) can be: the pipeline \(finding.statement)"
        ))
    }
    for site in scenario.sites { check(site, diagnosis, &outcome) }
  }

  private func isPossible(_ cause: Diagnosis.Cause, _ blame: Blame) -> Bool {
    if suspicion.causesOfNothing(blame.verdict).contains(cause) { return true }
    return scenario.sites.contains { blame.concerns($0) && suspicion.causes($0).contains(cause) }
  }

  private func check(_ site: FaultSite, _ diagnosis: Diagnosis, _ outcome: inout TrialOutcome) {
    let wanted = suspicion.mustName(site)
    guard !wanted.isEmpty else { return }
    let isNamed = diagnosis.findings.contains { wanted.contains($0.cause) }
    for verdict in Verdict.allCases where !verdict.isPermitted && verdict != .pending {
      let own = blames.reduce(Int64(0)) { $0 + ($1.verdict == verdict && $1.cause == site ? $1.count : 0) }
      let all = blames.reduce(Int64(0)) { $0 + ($1.verdict == verdict ? $1.count : 0) }
      guard own >= DiagnosisCheck.support, own * 5 >= all * 4 else { continue }
      outcome.supported[site, default: 0] = 1
      if isNamed { continue }
      let named = diagnosis.findings.map(\.cause.rawValue).joined(separator: ", ")
      outcome.falseFindings.append(
        Mismatch(
          description:
            "overlooked \(site.rawValue): \(own) of \(all) \(verdict.rawValue) are its own; named: \(named.isEmpty ? "nothing" : named)"
        ))
      return
    }
  }
}
