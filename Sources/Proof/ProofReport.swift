import Foundation
import Reconciliation

/// A proof's result for people and for programs.
public struct ProofReport {
  private let result: ProofResult
  private let commit: String

  /// - Parameter commit: of the source that was built, as git has it.
  public init(_ result: ProofResult, commit: String) {
    self.result = result
    self.commit = commit
  }

  /// What is printed before anything is played.
  public static func opening(_ options: ProofOptions, commit: String) -> String {
    "heliograph prove: seeds \(options.from)...\(options.from &+ UInt64(options.seeds - 1)), \(options.minutes) min each, commit \(commit)"
  }

  /// The command that plays one scenario again.
  public static func replay(_ scenario: Scenario, drawn: Scenario? = nil) -> String {
    var command = "heliograph prove --from \(scenario.seed) --seeds 1 --minutes \(scenario.minutes)"
    guard let drawn, drawn != scenario else { return command }
    command += " --devices \(scenario.devices)"
    return command + " --sites \(scenario.sites.isEmpty ? "none" : scenario.sites.map(\.rawValue).joined(separator: ","))"
  }

  /// The report for a terminal.
  public var text: String {
    var lines = table()
    lines.append("")
    let empty = Possibility.empty(result.coverage)
    if empty.isEmpty {
      lines.append("No cell that can occur is empty.")
    } else {
      lines.append("\(empty.count) cells that can occur are empty after \(result.seedsPlayed) seeds: play more of them.")
    }
    lines += DiagnosisReport(result.diagnosis).lines
    for failure in result.failures { lines += describe(failure) }
    lines.append("")
    lines.append(
      "\(result.seedsPlayed) seeds, \(result.readings) readings judged, \(result.uncertain) of them within the ledger's bounds; \(tables).")
    if result.seedsRepeated > 0 { lines.append("\(result.seedsRepeated) seeds played twice, and the same both times unless told above.") }
    lines.append(
      result.verdictsHold
        ? "Every verdict equals the truth." : "\(result.failures.count) seeds do not hold: their verdicts are not the truth.")
    lines.append(DiagnosisReport(result.diagnosis).conclusion)
    return lines.joined(separator: "\n")
  }

  /// How many seeds had which kind of table.
  private var tables: String {
    let kinds = TableKind.allCases.compactMap { kind in result.tables[kind].map { "\($0) \(kind.text)" } }
    return "tables: \(kinds.joined(separator: ", ")); \(result.tablesWithoutArrivals) without ingested_at"
  }

  private var mutant: String { result.mutant.map { " --mutant \($0)" } ?? "" }

  private func describe(_ failure: FailedSeed) -> [String] {
    var lines = ["", "SEED \(failure.scenario.seed) DOES NOT HOLD"]
    lines += failure.mismatches.prefix(5).map { "  \($0)" }
    lines.append("  replay:   \(ProofReport.replay(failure.scenario))\(mutant)")
    if failure.smallest != failure.scenario {
      lines.append(
        "  smallest: \(ProofReport.replay(failure.smallest, drawn: Scenario(seed: failure.scenario.seed, minutes: failure.scenario.minutes)))\(mutant)"
      )
      lines += failure.smallestMismatches.prefix(3).map { "    \($0)" }
    }
    return lines + [""]
  }

  private static let columns: [(verdict: Verdict, head: String)] = [
    (.stored, "stored"), (.lost, "lost"), (.duplicated, "duplic."), (.corrupted, "corrupt."), (.misplaced, "misplac."),
    (.phantom, "phantom"),
    (.droppedLate, "dr.late"), (.unconfirmed, "unconf."), (.discarded, "discard."), (.withheld, "withh."), (.rejected, "reject."),
    (.acceptedMalformed, "acc.malf"), (.collided, "collided"), (.pending, "pending"),
  ]

  /// Coverage: a row for each cause, a column for each verdict. A dot is a cell that cannot occur.
  private func table() -> [String] {
    var lines = ["Readings by verdict and by the site that made it so; a dot cannot occur, 0 could have:", ""]
    lines.append(ProofReport.pad("cause", 20) + ProofReport.columns.map { ProofReport.padLeft($0.head, 9) }.joined())
    lines.append(row("devices, network", nil, Possibility.ofNothing))
    for site in FaultSite.allCases {
      let possible = Possibility.verdicts(site)
      if !possible.isEmpty { lines.append(row(site.rawValue, site, possible)) }
    }
    lines.append("")
    lines.append("Why there are no other cells:")
    for column in ProofReport.columns {
      lines.append("  \(ProofReport.pad(column.verdict.rawValue, 19))\(Possibility.reason(column.verdict))")
    }
    return lines
  }

  private func row(_ name: String, _ site: FaultSite?, _ possible: [Verdict]) -> String {
    let cells = ProofReport.columns.map { column in
      let count = result.coverage[column.verdict, site]
      return ProofReport.padLeft(count == 0 && !possible.contains(column.verdict) ? "." : String(count), 9)
    }
    return ProofReport.pad(name, 20) + cells.joined()
  }

  static func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
  static func padLeft(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(1, width - text.count)) + text }
}

extension ProofReport {
  private struct Document: Encodable {
    struct Cell: Encodable {
      var verdict: String
      var cause: String?
      var count: Int64
    }
    struct Failure: Encodable {
      var seed: UInt64
      var mismatches: [String]
      var replay: String
      var smallest: String
    }
    var schema = "heliograph.proof/1"
    var commit: String
    var from: UInt64
    var seeds: Int
    var minutes: Int
    var seedsRepeated: Int
    var readings: Int64
    var uncertain: Int64
    var holds: Bool
    var coverage: [Cell]
    var emptyCells: [Cell]
    var failures: [Failure]
    var diagnosis: DiagnosisReport.Document
    var tables: [String: Int]
    var tablesWithoutArrivals: Int
  }

  /// The report as one JSON object with sorted keys.
  public func json() throws -> String {
    var cells: [Document.Cell] = []
    for verdict in Verdict.allCases {
      for site in FaultSite.allCases.map(Optional.some) + [nil] where result.coverage[verdict, site] > 0 {
        cells.append(Document.Cell(verdict: verdict.rawValue, cause: site?.rawValue, count: result.coverage[verdict, site]))
      }
    }
    let empty = Possibility.empty(result.coverage).map { Document.Cell(verdict: $0.verdict.rawValue, cause: $0.site?.rawValue, count: 0) }
    let document = Document(
      commit: commit, from: result.options.from, seeds: result.seedsPlayed, minutes: result.options.minutes,
      seedsRepeated: result.seedsRepeated, readings: result.readings, uncertain: result.uncertain, holds: result.holds, coverage: cells,
      emptyCells: empty, failures: result.failures.map(ProofReport.failure),
      diagnosis: DiagnosisReport(result.diagnosis).document,
      tables: Dictionary(uniqueKeysWithValues: result.tables.map { ($0.key.rawValue, $0.value) }),
      tablesWithoutArrivals: result.tablesWithoutArrivals)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  private static func failure(_ failure: FailedSeed) -> Document.Failure {
    Document.Failure(
      seed: failure.scenario.seed, mismatches: failure.mismatches.map(\.description), replay: replay(failure.scenario),
      smallest: replay(failure.smallest, drawn: Scenario(seed: failure.scenario.seed, minutes: failure.scenario.minutes)))
  }
}
