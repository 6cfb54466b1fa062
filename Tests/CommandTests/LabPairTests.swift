import Foundation
import Testing

/// Pairs of defects in the real lab: broker, pipeline and PostgreSQL. All pairs are played in memory by DiagnosisTests; here it is a sample,
/// two of them in each run. HELIOGRAPH_LAB_PAIRS=N plays N, HELIOGRAPH_LAB_SEED=S draws others.
@Suite(.serialized) struct LabPairTests {
  /// Fewer harmed readings need not show a pattern.
  private static let fewest = 25
  /// Runs that go on at the same time.
  private static let together = 2

  private typealias Pair = [(defect: String, cause: String)]

  /// Two of the same cause cannot be told apart by it. Where one reading of each sample is stored, nobody can tell which of the others were
  /// lost before they came to the filter.
  private static func canBeTold(_ pair: Pair) -> Bool {
    let losses: Set<String> = ["broker_store_gap", "loss_by_partition", "loss_by_site", "zero_handling"]
    let causes = Set(pair.map(\.cause))
    return causes.count == 2 && !(causes.contains("deduplication_keys") && !causes.isDisjoint(with: losses))
  }

  private static var sample: [Pair] {
    let environment = ProcessInfo.processInfo.environment
    let all = DiagnosisTests.alone
    var pairs: [Pair] = []
    for (index, first) in all.enumerated() {
      for second in all[(index + 1)...] where canBeTold([first, second]) { pairs.append([first, second]) }
    }
    // Drawn with a linear congruential generator (Knuth, MMIX): any will do, as long as a seed always draws the same.
    var state = UInt64(environment["HELIOGRAPH_LAB_SEED"] ?? "") ?? 1
    var sample: [Pair] = []
    for _ in 0..<min(pairs.count, Int(environment["HELIOGRAPH_LAB_PAIRS"] ?? "") ?? 2) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      sample.append(pairs.remove(at: Int((state >> 33) % UInt64(pairs.count))))
    }
    return sample
  }

  @Test func bothDefectsOfAPairAreNamed() throws {
    let sample = Self.sample
    for start in stride(from: 0, to: sample.count, by: Self.together) {
      let part = Array(sample[start..<min(start + Self.together, sample.count)])
      let outcomes = try concurrently(part.map { $0.map(\.defect).joined(separator: " ") }) { defects in
        let lab = try LabRun(defects: defects.split(separator: " ").map(String.init))
        return (lab, try lab.play())
      }
      for (pair, outcome) in zip(part, outcomes) { try check(pair, outcome.0, outcome.1) }
    }
  }

  private func check(_ pair: Pair, _ lab: LabRun, _ ended: Program.Ended) throws {
    let title = pair.map(\.defect).joined(separator: " + ")
    #expect(ended.status == 1, "\(title): \(ended.output)\(ended.errors)")
    let harmed = try lab.harmed()
    func count(_ defect: String) -> Int { harmed[String(defect.prefix { $0 != ":" })] ?? 0 }
    let due = Set(pair.filter { count($0.defect) >= Self.fewest }.map(\.cause))
    let diagnosis = try lab.diagnosis()
    let named = Set(diagnosis.findings.map(\.cause))
    let told = diagnosis.findings.map { "\n  \($0.cause): \($0.statement) | \($0.evidence.first?.text ?? "")" }.joined()
    let others = diagnosis.explained(besides: Set(pair.map(\.cause)))
    #expect(
      named.isSuperset(of: due) && others * 10 <= diagnosis.bad,
      "\(title): \(pair.map { "\(count($0.defect))" }.joined(separator: " + ")) harmed\(told)")
    #expect(diagnosis.remainder.count * 50 <= diagnosis.bad + 250, "\(title): \(diagnosis.remainder.count) of \(diagnosis.bad)\(told)")
  }
}

extension LabRun {
  /// How many readings each defect has harmed, by what the pipeline says itself.
  func harmed() throws -> [String: Int] {
    struct Injected: Decodable { var defect: String }
    var counts: [String: Int] = [:]
    for line in ((try? String(contentsOfFile: folder + "/injected.ndjson", encoding: .utf8)) ?? "").split(separator: "\n") {
      counts[try JSONDecoder().decode(Injected.self, from: Data(line.utf8)).defect, default: 0] += 1
    }
    return counts
  }
}
