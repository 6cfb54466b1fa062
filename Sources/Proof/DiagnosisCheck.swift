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
  /// Whether the ledger shows what happened: it knows delays to two seconds and an eighth.
  var isClear = true

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
  /// Whether it is known which readings a site has harmed.
  private let isExact: Bool
  private let isAtMostOnce: Bool
  /// How many readings are in the store as they were sent: where nearly none is, nothing shows what spares a reading.
  private let stored: Int64

  /// As many bad readings must be named: fewer may be taken for chance.
  static let support: Int64 = 40

  init(_ scenario: Scenario, _ blames: [Blame], isAtMostOnce: Bool, stored: Int64) {
    self.scenario = scenario
    suspicion = Suspicion(scenario)
    self.blames = blames
    isExact = true
    self.isAtMostOnce = isAtMostOnce
    self.stored = stored
  }

  /// Where nobody knows whose a row is, each site that is on may be to blame for anything.
  init(_ scenario: Scenario) {
    self.scenario = scenario
    suspicion = Suspicion(scenario)
    blames =
      scenario.sites.map { Blame(verdict: .lost, cause: $0, touched: 0, count: 1_000_000) }
      + [Verdict.duplicated, .phantom].map { Blame(verdict: $0, touched: 0) }
    isExact = false
    isAtMostOnce = false
    stored = 0
  }

  func check(_ diagnosis: Diagnosis, into outcome: inout TrialOutcome) {
    for finding in diagnosis.findings {
      let real = blames.reduce(Int64(0)) { $0 + (isPossible(finding.cause, $1) ? $1.count : 0) }
      outcome.diagnosis.findings[finding.cause.rawValue, default: 0] += 1
      guard real == 0 || (isExact && real * 2 < finding.explained) else { continue }
      report(
        .falseFinding,
        "\(finding.cause.rawValue) explains \(finding.explained), of which \(real) can be: the pipeline \(finding.statement)", &outcome)
    }
    for site in scenario.sites where isExact && stored >= DiagnosisCheck.support { check(site, diagnosis, &outcome) }
  }

  private func isPossible(_ cause: Diagnosis.Cause, _ blame: Blame) -> Bool {
    if suspicion.causesOfAnything(blame.verdict).contains(cause) { return true }
    return FaultSite.allCases.contains { blame.concerns($0) && suspicion.causes($0).contains(cause) }
  }

  private func check(_ site: FaultSite, _ diagnosis: Diagnosis, _ outcome: inout TrialOutcome) {
    for verdict in Verdict.allCases where isBad(verdict) {
      let wanted = suspicion.mustName(site, verdict)
      let all = blames.filter { $0.verdict == verdict }
      let own = all.filter { $0.cause == site }
      let clear = own.reduce(Int64(0)) { $0 + ($1.isClear ? $1.count : 0) }
      let (ownCount, count) = (own.reduce(0) { $0 + $1.count }, all.reduce(0) { $0 + $1.count })
      guard !wanted.isEmpty, clear >= DiagnosisCheck.support, ownCount * 5 >= count * 4 else { continue }
      outcome.diagnosis.due[site] = 1
      if diagnosis.findings.contains(where: { wanted.contains($0.cause) }) {
        outcome.diagnosis.named[site] = 1
        return
      }
      let named = diagnosis.findings.map(\.cause.rawValue).joined(separator: ", ")
      report(
        .overlooked, "\(site.rawValue) made \(ownCount) of \(count) \(verdict.rawValue); named: \(named.isEmpty ? "nothing" : named)",
        &outcome)
      return
    }
  }

  private func report(_ failure: DiagnosisTally.Failure, _ description: String, _ outcome: inout TrialOutcome) {
    outcome.diagnosis.mistakes.append(DiagnosisTally.Mistake(scenario: scenario, failure: failure, description: description))
  }

  /// At most once means that nothing may be said of what is lost.
  private func isBad(_ verdict: Verdict) -> Bool {
    !verdict.isPermitted && verdict != .pending && !(verdict == .lost && isAtMostOnce)
  }
}
