import Diagnosis
import Drawing
import FleetSpec
import Reconciliation

extension HTMLReport {
  func writeFindings(_ html: HTMLWriter) {
    html.section("findings", "Findings", "What there is to say, with its evidence. The command beside an example tells its whole life.") {
      let findings = report.result?.findings ?? []
      let causes = report.diagnosis?.findings ?? []
      if findings.isEmpty && causes.isEmpty {
        html.text("p", report.result == nil ? "Not judged yet." : "None: there is nothing to complain of.", class: "nothing")
      }
      if let diagnosis = report.diagnosis, !causes.isEmpty || diagnosis.remainder.count > 0 {
        html.text("h3", "What the pipeline does")
        for cause in causes { write(cause, html) }
        write(diagnosis.remainder, of: diagnosis.bad, html)
        for note in diagnosis.notes { html.text("p", Self.sentence(note), class: "soft") }
        if !findings.isEmpty { html.text("h3", "What that did to readings") }
      }
      for finding in findings { write(finding, html) }
    }
  }

  private func write(_ finding: Diagnosis.Finding, _ html: HTMLWriter) {
    html.block("article", class: "finding broken") {
      let cause = VerdictWords.label(finding.cause.rawValue)
      html.out.raw(
        "<h3><span class=\"tag bad\">✕ \(MarkupWriter.escaped(cause))</span>\(MarkupWriter.escaped(Self.statement(finding)))</h3>\n")
      html.block("ul") {
        for evidence in finding.evidence { html.text("li", evidence.text) }
        for doubt in finding.doubts { html.text("li", "Doubt: \(doubt)", class: "soft") }
      }
      html.text("p", explained(finding), class: "soft")
      let examples = finding.examples.map { example in
        Example(
          sensor: example.sensorID, time: Units.format(instant: example.timestamp),
          found: example.detail.isEmpty ? VerdictWords.label(example.verdict) : example.detail,
          command: example.command(folder: report.folder))
      }
      write(examples, html)
    }
  }

  static func statement(_ finding: Diagnosis.Finding) -> String { sentence("The pipeline \(finding.statement)") }

  private func explained(_ finding: Diagnosis.Finding) -> String {
    let share = Numbers.brief(finding.share * 100, decimals: finding.share < 0.1 ? 1 : 0)
    let verdicts = Verdict.allCases.compactMap { verdict in
      finding.verdicts[verdict.rawValue].map { "\(Numbers.text(Double($0))) \(VerdictWords.label(verdict.rawValue))" }
    }
    guard finding.explained > 0 else { return "Changes no verdict. Breaks the contract's line: \(finding.contract)" }
    return
      "Explains \(Numbers.text(Double(finding.explained))) of what is not permitted (\(share) %): \(verdicts.joined(separator: ", ")). "
      + "Breaks the contract's line: \(finding.contract)"
  }

  private func write(_ remainder: Diagnosis.Remainder, of bad: Int64, _ html: HTMLWriter) {
    guard remainder.count > 0 else { return }
    html.block("article", class: "finding") {
      html.out.raw("<h3><span class=\"tag noted\">? unexplained</span>\(Numbers.text(Double(remainder.count))) of ")
      html.out.raw("\(Numbers.text(Double(bad))) readings and rows that are not permitted fit no known cause.</h3>\n")
      guard !remainder.features.isEmpty else { return }
      html.text("p", "What sets them apart best:")
      html.block("ul") { for feature in remainder.features { html.text("li", feature) } }
    }
  }

  private func write(_ finding: Finding, _ html: HTMLWriter) {
    let isBroken = finding.severity == .broken
    html.block("article", class: isBroken ? "finding broken" : "finding") {
      let tag = isBroken ? "<span class=\"tag bad\">✕ broken</span>" : "<span class=\"tag noted\">◇ note</span>"
      html.out.raw("<h3>\(tag)\(MarkupWriter.escaped(Self.sentence(finding.title)))</h3>\n")
      if !finding.evidence.isEmpty { html.block("ul") { for line in finding.evidence { html.text("li", line) } } }
      let examples = finding.examples.map { example in
        Example(
          sensor: example.sensorID, time: example.timestamp, found: example.detail,
          command: example.seq < 0 ? nil : "heliograph explain \(report.folder) --device \(example.deviceID) --seq \(example.seq)")
      }
      write(examples, html)
    }
  }

  private struct Example {
    var sensor: String
    /// ISO 8601.
    var time: String
    var found: String
    /// Nil for a row that no device sent.
    var command: String?
  }

  private func write(_ examples: [Example], _ html: HTMLWriter) {
    guard !examples.isEmpty else { return }
    html.table(
      [HTMLWriter.Cell("Example"), HTMLWriter.Cell("Timestamp"), HTMLWriter.Cell("Found"), HTMLWriter.Cell("Its life")],
      examples.map { example in
        let life = example.command.map { HTMLWriter.Cell.xml("<code>\(MarkupWriter.escaped($0))</code>") }
        return HTMLWriter.Row(cells: [
          HTMLWriter.Cell(example.sensor, "nowrap"), HTMLWriter.Cell(Self.timestamp(example.time), "nowrap"),
          HTMLWriter.Cell(example.found), life ?? HTMLWriter.Cell("no device sent it", "soft"),
        ])
      }, class: "stack")
  }

  /// `2026-11-24T13:05:01.250Z` as `2026-11-24 13:05:01.250`.
  static func timestamp(_ text: String) -> String {
    String((text.hasSuffix("Z") ? text.dropLast() : text[...]).map { $0 == "T" ? " " : $0 })
  }
}
