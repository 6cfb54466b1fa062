import FleetSpec
import Reconciliation

/// The life of one reading as text.
public struct ExplanationReport {
  private let explanation: Explanation
  public init(_ explanation: Explanation) { self.explanation = explanation }

  public func text(_ terminal: Terminal) -> String {
    let reading = explanation.reading
    var lines = [
      terminal.paint(explanation.sensorID, .bold) + "  boot \(reading.boot), seq \(reading.seq): "
        + "\(explanation.valueText) \(explanation.unit), \(reading.quality.label)",
      "",
    ]
    for step in explanation.steps {
      let time = step.at.map { Units.format(instant: $0) } ?? ""
      lines.append("  " + Terminal.left(time, 26) + step.text)
    }
    lines.append("")
    if explanation.rows.isEmpty && explanation.verdict != nil { lines.append("  the store has no row at its key") }
    for row in explanation.rows {
      let value = row.value.map { "\($0)" } ?? "NULL"
      let arrival = row.ingestedAtMicroseconds.map { ", arrived \(Units.format(instant: $0 / 1_000))" } ?? ""
      let attributes = row.attributes.map { $0 ?? "NULL" }.joined(separator: ", ")
      lines.append("  row: value \(value)\(arrival); \(attributes)")
    }
    lines.append("")
    if let verdict = explanation.verdict {
      let text = verdict.rawValue.split(separator: "_").joined(separator: " ")
      lines.append(terminal.paint(text, .bold, verdict.isPermitted ? .green : .red) + "  " + explanation.reason)
    } else {
      lines.append(terminal.paint("no verdict", .bold, .yellow) + "  " + explanation.reason)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
