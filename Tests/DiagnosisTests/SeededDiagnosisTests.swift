import Diagnosis
import Foundation
import Reconciliation
import Testing

/// Random fleets against pipelines with known faults: each fault is named, and nothing else is.
@Suite struct SeededDiagnosisTests {
  /// Fewer harmed readings need not show a pattern.
  private static let fewest = 12

  private func check(_ seed: UInt64, _ faults: [Fault]) throws {
    let bench = try Bench(seed: seed)
    let pipeline = FaultyPipeline(bench, faults)
    pipeline.run()
    let (result, diagnosis) = try bench.diagnose()
    let named = Set(diagnosis.findings.map(\.cause))
    let due = Set(faults.filter { pipeline.harmed[$0] ?? 0 >= Self.fewest }.map(\.cause))
    let possible = Set(faults.filter { pipeline.harmed[$0] ?? 0 > 0 }.map(\.cause))
    let title = "seed \(seed), \(faults.map { "\($0.rawValue) \(pipeline.harmed[$0] ?? 0)" }.joined(separator: ", "))"
    #expect(named.isSuperset(of: due) && named.isSubset(of: possible), "\(title): \(Self.describe(diagnosis))")
    let explained = diagnosis.findings.reduce(0) { $0 + $1.explained }
    #expect(explained + diagnosis.remainder.count == diagnosis.bad, "\(title)")
    let bad = Verdict.allCases.filter { !$0.isPermitted }.reduce(0) { $0 + result[$1] }
    #expect(diagnosis.bad == bad, "\(title)")
    #expect(diagnosis.remainder.count * 20 <= diagnosis.bad + 60, "\(title): \(diagnosis.remainder)")
  }

  static func describe(_ diagnosis: Diagnosis) -> String {
    let findings = diagnosis.findings.map { "\n  \($0.cause.rawValue) \($0.explained): it \($0.statement) | \($0.evidence.map(\.text))" }
    return findings.joined() + "\n  remainder \(diagnosis.remainder)"
  }

  @Test(arguments: UInt64(1)...50) func aHealthyPipelineYieldsNoFinding(seed: UInt64) throws {
    let bench = try Bench(seed: seed)
    FaultyPipeline(bench, []).run()
    let (result, diagnosis) = try bench.diagnose()
    #expect(result.passed, "\(result.verdicts)")
    #expect(diagnosis.findings.isEmpty && diagnosis.bad == 0)
  }

  @Test(arguments: Fault.allCases) func eachFaultIsNamed(fault: Fault) throws {
    for seed in [UInt64(1), 2] { try check(seed, [fault]) }
  }

  /// Where one reading of each sample is stored, nobody can tell which of the others were lost before they came to the filter.
  private static let hidden: Set<Fault> = [
    .drop, .site, .profile, .sensor, .partition, .similarValue, .zeroDrop, .counterDrop, .outOfRange,
  ]

  /// Two of the same cause cannot be told apart by it.
  static let pairs: [[Fault]] = {
    var pairs: [[Fault]] = []
    for (index, first) in Fault.allCases.enumerated() {
      for second in Fault.allCases[(index + 1)...] where first.cause != second.cause {
        let isHidden = (second == .deviceKey && hidden.contains(first)) || (first == .deviceKey && hidden.contains(second))
        if !isHidden { pairs.append([first, second]) }
      }
    }
    // All of them take minutes: one of eight parts each time.
    let wanted = ProcessInfo.processInfo.environment["HELIOGRAPH_PAIRS"] ?? "3"
    guard wanted != "all" else { return pairs }
    return pairs.enumerated().filter { $0.offset % 8 == Int(wanted) ?? 3 }.map(\.element)
  }()

  @Test(arguments: pairs) func eachPairOfFaultsIsNamed(pair: [Fault]) throws { try check(11, pair) }
}
