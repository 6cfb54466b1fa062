import Drawing
import FleetSpec
import Reconciliation

extension HTMLReport {
  func writeThresholds(_ html: HTMLWriter) {
    html.section(
      "thresholds", "Thresholds and contract",
      "The pipeline is held to what it promises. No exception is allowed, unless a threshold in the fleet file says so."
    ) {
      html.block("div", class: "columns") {
        html.block("div") {
          html.text("h3", "Thresholds")
          if let result = report.result, !result.thresholds.isEmpty {
            html.table(
              [HTMLWriter.Cell("Verdict"), .number("At most"), .number("Found"), HTMLWriter.Cell("")], result.thresholds.map(row))
          } else {
            html.text("p", "Not judged yet.", class: "soft")
          }
        }
        html.block("div") {
          html.text("h3", "Contract")
          html.table([], contract.map { HTMLWriter.Row(cells: [HTMLWriter.Cell($0.0), HTMLWriter.Cell($0.1)]) })
        }
      }
    }
  }

  private func row(_ threshold: ThresholdResult) -> HTMLWriter.Row {
    let isOwn = report.fleet.thresholds.contains { $0.verdict == threshold.verdict }
    return HTMLWriter.Row(cells: [
      HTMLWriter.Cell(VerdictWords.label(threshold.verdict)),
      .number(Numbers.text(Double(threshold.limit))), .number(Numbers.text(Double(threshold.actual)), threshold.met ? "" : "bad"),
      HTMLWriter.Cell((threshold.met ? "✓ met" : "✕ missed") + (isOwn ? ", set by the fleet file" : ""), threshold.met ? "good" : "bad"),
    ])
  }

  /// The pipeline's promises, line by line.
  var contract: [(String, String)] {
    let pipeline = report.fleet.pipeline
    func limit(_ time: Milliseconds?, _ unlimited: String) -> String { time.map { Units.format(milliseconds: $0) } ?? unlimited }
    let repeats = pipeline.deduplication.map {
      "by \($0.keys.joined(separator: " and ")), \($0.window.map { "within " + Units.format(milliseconds: $0) } ?? "for ever")"
    }
    return [
      ("Delivery", pipeline.delivery.rawValue), ("Repeats removed", repeats ?? "no"),
      ("Accepts readings late by", limit(pipeline.allowedLateness, "any time")),
      ("Accepts readings early by", limit(pipeline.futureTolerance, "any time")),
      ("Malformed payloads", pipeline.malformed == .reject ? "rejected" : "stored"),
      ("Has caught up after", "\(Units.format(milliseconds: pipeline.settling)) without a change"),
    ]
  }

  func writeVerdicts(_ html: HTMLWriter) {
    html.section(
      "verdicts", "Verdicts", "Every reading has exactly one; they add up to the number of readings. Phantoms are rows, not readings."
    ) {
      guard let result = report.result else {
        html.text("p", "Not judged yet: heliograph reconcile \(report.folder)", class: "nothing")
        return
      }
      let broken = Set(result.thresholds.filter { !$0.met }.map(\.verdict))
      let head = [
        HTMLWriter.Cell("Verdict"), .number("Readings"), .number("Share"), HTMLWriter.Cell("", "wide"), HTMLWriter.Cell("Meaning", "all"),
      ]
      var rows = Verdict.allCases.filter { $0 != .phantom }.map { row($0, result, broken) }
      rows.append(
        HTMLWriter.Row(
          style: "sum",
          cells: [
            HTMLWriter.Cell("readings"), .number(Numbers.text(Double(result.readings))), .number("100 %"), HTMLWriter.Cell("", "wide"),
            HTMLWriter.Cell(""),
          ]))
      rows.append(row(.phantom, result, broken))
      html.table(head, rows, class: "grid3")
    }
  }

  private func row(_ verdict: Verdict, _ result: ReconciliationResult, _ broken: Set<String>) -> HTMLWriter.Row {
    let count = result[verdict]
    let isBroken = broken.contains(verdict.rawValue)
    let share = result.readings > 0 ? Double(count) / Double(result.readings) * 100 : 0
    let bar =
      count == 0 || verdict == .phantom
      ? "" : "<span class=\"bar\(isBroken ? " broken" : "")\"><i style=\"width:\(MarkupWriter.short(max(0.1, share)))%\"></i></span>"
    let mark = isBroken ? "✕ " : ""
    return HTMLWriter.Row(
      style: count == 0 ? "zero" : "",
      cells: [
        HTMLWriter.Cell(mark + VerdictWords.label(verdict.rawValue), isBroken ? "bad nowrap" : "nowrap"),
        .number(Numbers.text(Double(count)), isBroken ? "bad" : ""),
        .number(count == 0 || verdict == .phantom ? "" : Terminal.share(count, of: result.readings)), .xml(bar, "wide"),
        HTMLWriter.Cell(VerdictWords.explanation(verdict), "all"),
      ])
  }
}
