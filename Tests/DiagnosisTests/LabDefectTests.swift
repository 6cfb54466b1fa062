import Diagnosis
import Foundation
import Reconciliation
import Testing

/// What each of the lab's defects must be called.
struct LabDefect: Sendable, CustomTestStringConvertible {
  var specification: String
  var cause: Diagnosis.Cause
  var name: String { String(specification.prefix { $0 != ":" }) }
  var testDescription: String { specification }

  static let all: [LabDefect] = [
    LabDefect(specification: "drop:rate=3%", cause: .brokerStoreGap),
    LabDefect(specification: "late-cutoff:after=6s", cause: .latenessCutOff),
    LabDefect(specification: "future-cutoff:ahead=1s", cause: .futureCutOff),
    LabDefect(specification: "loss-burst:every=80s,length=4s", cause: .lossBurst),
    LabDefect(specification: "site-loss:site=north-3,rate=40%", cause: .lossBySite),
    LabDefect(specification: "partition-loss:partitions=8,partition=4", cause: .lossByPartition),
    LabDefect(specification: "quality-filter:quality=OUT_OF_RANGE", cause: .payloadKind),
    LabDefect(specification: "dedup-keys", cause: .deduplicationKeys),
    LabDefect(specification: "counter-rollover:how=drop", cause: .counterRollOver),
    LabDefect(specification: "counter-rollover:how=add", cause: .counterRollOver),
    LabDefect(specification: "zero-handling:how=drop", cause: .zeroHandling),
    LabDefect(specification: "zero-handling:how=null", cause: .zeroHandling),
    LabDefect(specification: "similar-value-dedup:within=0.5%,window=60s", cause: .similarValueDeduplication),
    LabDefect(specification: "similar-value-dedup:within=1%,window=60s,zero=divides", cause: .similarValueDeduplication),
    LabDefect(specification: "corrupt-value:rate=3%,how=scale", cause: .unitScale),
    LabDefect(specification: "corrupt-value:rate=3%,how=negate", cause: .unitScale),
    LabDefect(specification: "corrupt-value:rate=3%,how=null", cause: .nullHandling),
    LabDefect(specification: "corrupt-value:rate=3%,how=truncate", cause: .rounding),
    LabDefect(specification: "unit-conversion", cause: .unitScale),
    LabDefect(specification: "round-value:places=0", cause: .rounding),
    LabDefect(specification: "float32", cause: .singlePrecision),
    LabDefect(specification: "shift-timestamp:rate=3%,by=2h", cause: .timeOffset),
    LabDefect(specification: "wrong-time-unit:rate=3%", cause: .timeUnit),
    LabDefect(specification: "duplicate:rate=3%", cause: .repeatedWrites),
    LabDefect(specification: "dedup-window:window=2s", cause: .deduplicationWindow),
    LabDefect(specification: "phantom:rate=1%", cause: .inventedRows),
    LabDefect(specification: "crash-replay:every=700,rows=70", cause: .crashReplay),
    LabDefect(specification: "null-crash:rows=40", cause: .nullHandling),
    LabDefect(specification: "ingest-unit:as=ms", cause: .arrivalTimeUnit),
  ]

  /// Where one reading of each sample is stored, nobody can tell which of the others were lost before they came to the filter.
  private static let hiddenByKeys: Set<Diagnosis.Cause> = [
    .brokerStoreGap, .lossBySite, .lossByPartition, .payloadKind, .counterRollOver, .zeroHandling, .similarValueDeduplication,
  ]

  /// Whether one of two defects hides the other.
  static func isHidden(_ one: LabDefect, by other: LabDefect) -> Bool {
    other.cause == .deduplicationKeys && hiddenByKeys.contains(one.cause) && !one.specification.hasSuffix("null")
      && !one.specification.hasSuffix("add")
  }

  static let pairs: [[LabDefect]] = {
    var pairs: [[LabDefect]] = []
    for (index, first) in all.enumerated() {
      for second in all[(index + 1)...] where first.name != second.name { pairs.append([first, second]) }
    }
    // All of them take minutes: one of sixteen parts each time.
    let wanted = ProcessInfo.processInfo.environment["HELIOGRAPH_PAIRS"] ?? "3"
    guard wanted != "all" else { return pairs }
    return pairs.enumerated().filter { $0.offset % 16 == Int(wanted) ?? 3 }.map(\.element)
  }()
}

/// The lab's own defects, alone and in pairs, without broker and database: each is named, and nothing else is.
@Suite struct LabDefectTests {
  /// Fewer harmed readings need not show a pattern.
  private static let fewest = 12

  private func check(_ defects: [LabDefect], seed: UInt64) throws {
    let bench = try Bench(seed: seed)
    let lab = LabBench(bench)
    try lab.run(defects.map(\.specification))
    let (_, diagnosis) = try bench.diagnose()
    // It harms no reading, so the pipeline does not count it.
    func harm(_ defect: LabDefect) -> Int { defect.cause == .arrivalTimeUnit ? Self.fewest : lab.harmed[defect.name] ?? 0 }
    let due = Set(
      defects.filter { one in harm(one) >= Self.fewest && !defects.contains { LabDefect.isHidden(one, by: $0) } }.map(\.cause))
    let possible = Set(defects.filter { harm($0) > 0 }.map(\.cause))
    let named = Set(diagnosis.findings.map(\.cause))
    let title = "seed \(seed), \(defects.map { "\($0.specification) \(harm($0))" }.joined(separator: " + "))"
    #expect(
      named.isSuperset(of: due) && named.isSubset(of: possible), "\(title): \(SeededDiagnosisTests.describe(diagnosis))")
    #expect(diagnosis.remainder.count * 50 <= diagnosis.bad + 100, "\(title): \(diagnosis.remainder)")
    // A finding explains about what its defects did: of readings that two of them would have harmed, either may be the reason.
    let total = defects.reduce(0) { $0 + harm($1) }
    for cause in due where named.isSuperset(of: due) && cause != .arrivalTimeUnit {
      let told = diagnosis.findings.reduce(0) { $0 + ($1.cause == cause ? Int($1.explained) : 0) }
      let done = defects.reduce(0) { $0 + ($1.cause == cause ? harm($1) : 0) }
      #expect(told * 3 >= done && told <= done + total / 3 + 5, "\(title): \(SeededDiagnosisTests.describe(diagnosis))")
    }
  }

  @Test(arguments: LabDefect.all) func eachDefectIsNamed(defect: LabDefect) throws { try check([defect], seed: 5) }

  @Test(arguments: LabDefect.pairs) func eachPairOfDefectsIsNamed(pair: [LabDefect]) throws { try check(pair, seed: 11) }
}
