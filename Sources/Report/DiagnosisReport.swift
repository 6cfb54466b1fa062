import Diagnosis
import FleetSpec
import Reconciliation

/// What the pipeline did, as text.
public struct DiagnosisReport {
  private let diagnosis: Diagnosis
  private let folder: String

  /// - Parameter folder: the run folder, for the commands that explain examples.
  public init(_ diagnosis: Diagnosis, folder: String) {
    self.diagnosis = diagnosis
    self.folder = folder
  }

  /// Lines without ends; none when nothing was wrong.
  public func lines(_ terminal: Terminal) -> [String] {
    guard diagnosis.bad > 0 || !diagnosis.findings.isEmpty else { return [] }
    var lines = [terminal.paint("What the pipeline does", .bold)]
    for finding in diagnosis.findings { lines += describe(finding, terminal) }
    lines += remainder(terminal)
    lines += diagnosis.notes.map { terminal.paint("  note    ", .yellow) + $0 }
    return lines + [""]
  }

  private func describe(_ finding: Diagnosis.Finding, _ terminal: Terminal) -> [String] {
    let share = Terminal.right(finding.explained == 0 ? "" : Terminal.share(finding.explained, of: diagnosis.bad), 9)
    var lines = ["  \(terminal.paint(share, .red))  \(terminal.paint("It \(finding.statement).", .bold))"]
    let indent = "             "
    if finding.explained > 0 {
      lines.append(
        indent + "explains \(Terminal.number(finding.explained)) of \(Terminal.number(diagnosis.bad)) bad readings and rows; breaks  "
          + finding.contract)
    } else {
      lines.append(indent + "changes no verdict; breaks  \(finding.contract)")
    }
    lines += finding.evidence.map { indent + $0.text }
    lines += finding.doubts.map { indent + terminal.paint("doubt: ", .yellow) + $0 }
    for example in finding.examples {
      let detail = example.detail.isEmpty ? example.verdict : example.detail
      lines.append(indent + "\(example.sensorID) at \(Units.format(instant: example.timestamp)): \(detail)")
      if let command = example.command(folder: folder) { lines.append(indent + "  " + terminal.paint(command, .dim)) }
    }
    return lines
  }

  private func remainder(_ terminal: Terminal) -> [String] {
    let remainder = diagnosis.remainder
    guard remainder.count > 0 else { return [] }
    let verdicts = remainder.verdicts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\(Terminal.number($0.value)) \($0.key.split(separator: "_").joined(separator: " "))" }.joined(separator: ", ")
    var lines = ["  \(Terminal.right(Terminal.share(remainder.count, of: diagnosis.bad), 9))  is not explained: \(verdicts)"]
    if remainder.features.isEmpty {
      lines.append("             nothing separates them from the others")
    } else {
      lines += remainder.features.map { "             separated best by \($0)" }
    }
    return lines
  }
}
