import Drawing
import FleetSpec
import Reconciliation

extension HTMLReport {
  func writeFindings(_ html: HTMLWriter) {
    html.section(
      "findings", "Findings", "What there is to say, with its evidence. Each example can be looked into with the command beside it."
    ) {
      guard let findings = report.result?.findings, !findings.isEmpty else {
        html.text("p", report.result == nil ? "Not judged yet." : "None: there is nothing to complain of.", class: "nothing")
        return
      }
      for finding in findings { write(finding, html) }
    }
  }

  private func write(_ finding: Finding, _ html: HTMLWriter) {
    let isBroken = finding.severity == .broken
    html.block("article", class: isBroken ? "finding broken" : "finding") {
      let tag = isBroken ? "<span class=\"tag bad\">✕ broken</span>" : "<span class=\"tag noted\">◇ note</span>"
      html.out.raw("<h3>\(tag)\(MarkupWriter.escaped(Self.sentence(finding.title)))</h3>\n")
      if !finding.evidence.isEmpty { html.block("ul") { for line in finding.evidence { html.text("li", line) } } }
      if !finding.examples.isEmpty {
        html.table(
          [HTMLWriter.Cell("Example"), HTMLWriter.Cell("Timestamp"), HTMLWriter.Cell("Found"), HTMLWriter.Cell("Its life")],
          finding.examples.map { example in
            let command = "heliograph explain \(report.folder) --device \(example.deviceID) --seq \(example.seq)"
            return HTMLWriter.Row(cells: [
              HTMLWriter.Cell(example.sensorID), HTMLWriter.Cell(Self.timestamp(example.timestamp), "nowrap"),
              HTMLWriter.Cell(example.detail),
              example.seq < 0 ? HTMLWriter.Cell("no device sent it", "soft") : .xml("<code>\(MarkupWriter.escaped(command))</code>"),
            ])
          })
      }
    }
  }

  /// `2026-11-24T13:05:01.250Z` as `2026-11-24 13:05:01.250`.
  static func timestamp(_ text: String) -> String {
    String((text.hasSuffix("Z") ? text.dropLast() : text[...]).map { $0 == "T" ? " " : $0 })
  }
}
