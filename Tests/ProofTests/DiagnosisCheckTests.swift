import Diagnosis
import Foundation
import Reconciliation
import Testing

@testable import Proof

/// A diagnosis is held against what the sites really did.
@Suite struct DiagnosisCheckTests {
  private static let scenario = Scenario(seed: 1, devices: 1, minutes: 1, sites: [.drop, .phantom])

  private func finding(_ cause: Diagnosis.Cause, explains: Int64) -> Diagnosis {
    let finding = Diagnosis.Finding(
      cause: cause, statement: "does it", evidence: [], explained: explains, verdicts: [:], share: 1, contract: "")
    return Diagnosis(findings: [finding], remainder: Diagnosis.Remainder(count: 0, verdicts: [:], features: []), bad: explains)
  }

  private func check(_ diagnosis: Diagnosis, _ blames: [Blame], isAtMostOnce: Bool = false, stored: Int64 = 1_000) -> DiagnosisTally {
    var outcome = TrialOutcome(scenario: Self.scenario)
    DiagnosisCheck(Self.scenario, blames, isAtMostOnce: isAtMostOnce, stored: stored).check(diagnosis, into: &outcome)
    return outcome.diagnosis
  }

  @Test func aCauseThatNothingCanHaveIsFalse() {
    let lost = [Blame(verdict: .lost, cause: .drop, touched: 0, count: 50)]
    let tally = check(finding(.zeroHandling, explains: 50), lost)
    #expect(tally.count(.falseFinding) == 1 && tally.count(.overlooked) == 1)
    // That something is lost on the way is what dropping is.
    #expect(check(finding(.brokerStoreGap, explains: 50), lost).mistakes.isEmpty)
  }

  @Test func aFindingThatExplainsFarTooMuchIsFalse() {
    let blames = [Blame(verdict: .corrupted, cause: .corruptedValue, touched: 0, count: 10)]
    let possible = Suspicion(Self.scenario).causes(.corruptedValue).first ?? .unitScale
    #expect(check(finding(possible, explains: 10), blames).count(.falseFinding) == 0)
    #expect(check(finding(possible, explains: 21), blames).count(.falseFinding) == 1)
  }

  @Test func aDefectWithLittleHarmNeedNotBeNamed() {
    let few = [Blame(verdict: .lost, cause: .drop, touched: 0, count: DiagnosisCheck.support - 1)]
    #expect(check(.healthy, few).mistakes.isEmpty)
    let many = [Blame(verdict: .lost, cause: .drop, touched: 0, count: DiagnosisCheck.support)]
    #expect(check(.healthy, many).count(.overlooked) == 1)
    // Nor where the contract lets readings go, or where most of the harm is somebody else's.
    #expect(check(.healthy, many, isAtMostOnce: true).mistakes.isEmpty)
    #expect(check(.healthy, many, stored: DiagnosisCheck.support - 1).mistakes.isEmpty)
    #expect(check(.healthy, many + [Blame(verdict: .lost, cause: nil, touched: 0, count: 11)]).mistakes.isEmpty)
  }

  /// Devices and networks as bad as they get, and a sound pipeline: nothing is found but what the contract itself brings about.
  @Test func aSoundPipelineHasNoFindings() throws {
    var tally = DiagnosisTally()
    for seed in UInt64(1)...25 {
      var scenario = Scenario(seed: seed, minutes: 1)
      scenario.sites.removeAll { $0.place != .device && $0.place != .network && !$0.isLayout }
      let outcome = try Trial(scenario, folder: NSTemporaryDirectory()).run()
      #expect(outcome.holds)
      tally.add(outcome.diagnosis)
    }
    // Without a filter, repeats of devices are stored again; and a key of sensor and time does not tell readings of a stepping clock apart.
    let brought = Set(["deduplication_window", "repeated_writes", "missing_id"])
    // Known and open: stretches that a device sends twice by itself are taken for those of a consumer that crashed, in one of these seeds.
    #expect(tally.findings.filter { !brought.contains($0.key) }.values.reduce(0, +) <= 1)
    #expect(tally.mistakes.count <= 1)
  }
}
