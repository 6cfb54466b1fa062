import Drawing
import FleetSpec
import Reconciliation

/// A run as one page of HTML that needs nothing else: no network, no script, no font.
public struct HTMLReport {
  let report: RunReport
  let comparison: Comparison?

  /// - Parameter comparison: with another run, shown near the top.
  public init(_ report: RunReport, comparison: Comparison? = nil) {
    self.report = report
    self.comparison = comparison
  }

  public func write(to out: MarkupWriter) {
    let html = HTMLWriter(out: out)
    out.raw("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n")
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
    out.raw("<meta name=\"generator\" content=\"heliograph\"/>\n")
    html.text("title", "\(headline.word.lowercased()): \(report.fleet.name), \(report.runID)")
    out.raw("<style>\n\(Stylesheet.text)</style>\n</head>\n<body>\n")
    Patterns.write(out)
    writeHeader(html)
    html.block("main") {
      writeSummary(html)
      writeComparison(html)
      writeThresholds(html)
      writeVerdicts(html)
      writeFindings(html)
      writeBreakdown(html)
      writeTraffic(html)
      writeHardships(html)
      writeHealth(html)
      writeConfiguration(html)
      writeReproduction(html)
    }
    html.block("footer") {
      html.text(
        "p",
        "Written by heliograph from the run's ledger and verdicts. Times are UTC. Hold the pointer over a diagram or a cell to see its numbers."
      )
    }
    out.raw("</body>\n</html>\n")
  }

  /// The verdict in a word and a sentence.
  var headline: (word: String, mark: String, sentence: String) {
    guard let result = report.result else {
      return ("NO VERDICT", "?", "This run was not reconciled yet: heliograph reconcile \(report.folder)")
    }
    let total = Numbers.text(Double(result.readings))
    switch report.outcome {
    case .passed: return ("PASSED", "✓", "Every one of \(total) readings has a verdict that the contract permits.")
    case .noVerdict:
      return (
        "NO VERDICT", "?",
        "The store had not caught up: \(Numbers.text(Double(result[.pending]))) of \(total) readings are pending. Reconcile again later."
      )
    case .failed:
      let broken = result.thresholds.filter { !$0.met }
      let parts = broken.map { "\(Numbers.text(Double($0.actual))) \(VerdictWords.label($0.verdict))" }
      let list = parts.isEmpty ? "the digest of the reconciliation failed its own check" : parts.joined(separator: ", ")
      return ("FAILED", "✕", "Of \(total) readings: \(list).")
    }
  }

  private func writeHeader(_ html: HTMLWriter) {
    html.block("header") {
      html.text("p", "Heliograph run report", class: "eyebrow")
      html.text("h1", report.fleet.name)
      html.text("p", meta, class: "meta")
      html.block("div", class: "verdict \(report.outcome.rawValue)") {
        html.text("span", headline.mark, class: "mark")
        html.block("div") {
          html.text("strong", headline.word)
          html.text("p", headline.sentence)
        }
      }
    }
    html.block("nav") {
      html.block("ul") {
        for (id, name) in contents { html.out.raw("<li><a href=\"#\(id)\">\(name)</a></li>\n") }
      }
    }
  }

  private var contents: [(String, String)] {
    var list = [("summary", "Summary")]
    if comparison != nil { list.append(("comparison", "Comparison")) }
    list += [("thresholds", "Thresholds"), ("verdicts", "Verdicts"), ("findings", "Findings"), ("where", "Where and when")]
    return list + [
      ("traffic", "Traffic"), ("hardships", "What the devices went through"), ("health", "Simulator"), ("configuration", "Configuration"),
      ("reproduce", "How to reproduce"),
    ]
  }

  private var meta: String {
    let sites = report.fleet.sites.count == 1 ? "1 site" : "\(Numbers.count(report.fleet.sites.count)) sites"
    return [
      report.runID, "\(Readable.instant(report.wallStart)) to \(Readable.instant(report.wallEnd).dropFirst(11)) UTC",
      "\(Numbers.count(report.devices)) devices at \(sites)", "seed \(report.seed)", report.state,
    ].joined(separator: " · ")
  }
}
