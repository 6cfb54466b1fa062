import Diagnosis
import Drawing
import FleetSpec
import Ledger
import Reconciliation

/// A summary for a pull request, in GitHub's dialect of Markdown.
public struct MarkdownReport {
  private let report: RunReport
  private let comparison: Comparison?

  private static let mostFindings = 6

  public init(_ report: RunReport, comparison: Comparison? = nil) {
    self.report = report
    self.comparison = comparison
  }

  /// The whole text, ended by a line feed.
  public var text: String {
    let headline = HTMLReport(report).headline
    let symbol = report.outcome == .passed ? "✅" : report.outcome == .failed ? "❌" : "❔"
    var lines = ["## \(symbol) \(headline.word): \(Self.escape(report.fleet.name))", "", Self.escape(headline.sentence), ""]
    lines += verdicts + causes + findings + latencies + compared
    lines += [
      "<sub>Run `\(report.runID)`, seed \(report.seed), \(Readable.span(report.duration)), \(Numbers.count(report.devices)) devices, "
        + "\(Numbers.text(Double(report.published))) messages. `heliograph report \(report.folder)` writes the whole report.</sub>"
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var verdicts: [String] {
    guard let result = report.result else { return [] }
    let limits = Dictionary(uniqueKeysWithValues: result.thresholds.map { ($0.verdict, $0) })
    let shown = Verdict.allCases.filter { result[$0] > 0 || limits[$0.rawValue].map { !$0.met } ?? false }
    let rows = shown.map { verdict -> [String] in
      let limit = limits[verdict.rawValue]
      let count = result[verdict]
      let share = verdict == .phantom ? "" : Terminal.share(count, of: result.readings)
      return [
        VerdictWords.label(verdict.rawValue), Numbers.text(Double(count)), share, limit.map { Numbers.text(Double($0.limit)) } ?? "",
        limit.map { $0.met ? "met" : "**missed**" } ?? "",
      ]
    }
    return Self.table(["Verdict", "Readings", "Share", "At most", ""], "lrrrl", rows)
  }

  /// What the pipeline does.
  private var causes: [String] {
    guard let diagnosis = report.diagnosis, diagnosis.bad > 0 || !diagnosis.findings.isEmpty else { return [] }
    var lines = ["### What the pipeline does", ""]
    for finding in diagnosis.findings.prefix(Self.mostFindings) {
      let share = finding.explained > 0 ? "**\(Terminal.share(finding.explained, of: diagnosis.bad))** of what is wrong: " : ""
      lines.append("- \(share)\(Self.escape("it \(finding.statement)")) (breaks \(Self.code(finding.contract)))")
      lines += finding.evidence.map { "  - \(Self.escape($0.text))" }
      lines += finding.doubts.map { "  - doubt: \(Self.escape($0))" }
      if let command = finding.examples.lazy.compactMap({ $0.command(folder: report.folder) }).first {
        lines.append("  - \(Self.code(command))")
      }
    }
    if diagnosis.findings.count > Self.mostFindings { lines.append("- and \(diagnosis.findings.count - Self.mostFindings) more") }
    let remainder = diagnosis.remainder
    if remainder.count > 0 {
      lines.append(
        "- \(Terminal.share(remainder.count, of: diagnosis.bad)) is not explained: \(Units.grouped(remainder.count)) readings and rows")
      lines += remainder.features.map { "  - separated best by \(Self.escape($0))" }
    }
    return lines + [""]
  }

  /// A text in a span of code, which no backtick may end.
  private static func code(_ text: String) -> String { "`" + text.map { $0 == "`" ? "'" : String($0) }.joined() + "`" }

  private var findings: [String] {
    guard let findings = report.result?.findings, !findings.isEmpty else { return [] }
    var lines = ["### Findings", ""]
    for finding in findings.prefix(Self.mostFindings) {
      lines.append("- \(finding.severity == .broken ? "**broken**" : "note"): \(Self.escape(HTMLReport.sentence(finding.title)))")
      lines += finding.evidence.map { "  - \(Self.escape($0))" }
      if let example = finding.examples.first(where: { $0.seq >= 0 }) {
        lines.append("  - `heliograph explain \(report.folder) --device \(example.deviceID) --seq \(example.seq)`")
      }
    }
    if findings.count > Self.mostFindings { lines.append("- and \(findings.count - Self.mostFindings) more") }
    return lines + [""]
  }

  private var latencies: [String] {
    let parts: [(String, Percentiles?)] = [
      ("publish to acknowledgement", report.figures.sentToAcknowledged?.whole),
      ("measurement to acknowledgement", report.figures.measuredToAcknowledged?.whole),
      ("measurement to store", report.statistics?.arrivals?.whole),
    ]
    let rows = parts.compactMap { name, percentiles in
      percentiles.map { [name] + [$0.p50, $0.p95, $0.p99, $0.maximum].map(Readable.duration) }
    }
    return rows.isEmpty ? [] : Self.table(["Latency", "p50", "p95", "p99", "longest"], "lrrrr", rows)
  }

  private var compared: [String] {
    guard let comparison else { return [] }
    let rows = comparison.lines.map { [$0.name, $0.this, $0.other, $0.change, $0.judgement.text] }
    return ["### Against `\(comparison.otherRun)`", "", comparison.basis, ""]
      + Self.table(["Figure", "This run", "Other run", "Change", ""], "lrrrl", rows)
  }

  /// - Parameter alignment: `l` or `r` for each column.
  private static func table(_ head: [String], _ alignment: String, _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String { "| " + cells.map(escape).joined(separator: " | ") + " |" }
    let rule = "|" + alignment.map { $0 == "r" ? "---:|" : "---|" }.joined()
    return [line(head), rule] + rows.map(line) + [""]
  }

  /// What would be markup, and line feeds, which would end a cell.
  private static func escape(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "|", "<", "`", "_", "[", "\\": result += "\\\(character)"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
