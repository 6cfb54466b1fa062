import Diagnosis
import Reconciliation

/// The result of a reconciliation as a page of text.
public struct VerdictReport {
  private let result: ReconciliationResult
  private let terminal: Terminal
  private let folder: String
  private let diagnosis: Diagnosis?

  public init(_ result: ReconciliationResult, diagnosis: Diagnosis? = nil, folder: String, terminal: Terminal) {
    self.result = result
    self.diagnosis = diagnosis
    self.folder = folder
    self.terminal = terminal
  }

  /// The whole report, lines ended.
  public var text: String {
    var lines = [headline, ""]
    lines += table
    lines.append("")
    lines += coping
    if !result.findings.isEmpty {
      lines.append(terminal.paint("Findings", .bold))
      for finding in result.findings { lines += describe(finding) }
      lines.append("")
    }
    if let diagnosis { lines += DiagnosisReport(diagnosis, folder: folder).lines(terminal) }
    lines.append("run folder  \(folder)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line: the answer.
  public var headline: String {
    let total = Terminal.number(result.readings)
    if result.passed {
      return terminal.paint("PASSED", .bold, .green) + "  every one of \(total) readings has a permitted verdict"
    }
    let broken = result.thresholds.filter { !$0.met }
    if broken.isEmpty {
      return terminal.paint("NO VERDICT", .bold, .yellow)
        + "  the store had not caught up: \(Terminal.number(result[.pending])) of \(total) readings are pending"
    }
    let parts = broken.map { "\(Terminal.number($0.actual)) \(VerdictWords.label($0.verdict))" }
    return terminal.paint("FAILED", .bold, .red) + "  of \(total) readings: " + parts.joined(separator: ", ")
  }

  private var table: [String] {
    let broken = Set(result.thresholds.filter { !$0.met }.map(\.verdict))
    var lines = [terminal.paint(Terminal.left("verdict", 20) + Terminal.right("readings", 12) + Terminal.right("share", 11), .dim)]
    for verdict in Verdict.allCases where verdict != .phantom {
      lines.append(row(verdict, share: Terminal.share(result[verdict], of: result.readings), broken: broken))
    }
    lines.append(
      terminal.paint(Terminal.left("readings", 20) + Terminal.right(Terminal.number(result.readings), 12), .bold))
    lines.append(row(.phantom, share: "", broken: broken))
    return lines
  }

  private func row(_ verdict: Verdict, share: String, broken: Set<String>) -> String {
    let count = result[verdict]
    let line =
      Terminal.left(VerdictWords.label(verdict.rawValue), 20) + Terminal.right(Terminal.number(count), 12)
      + Terminal.right(count == 0 ? "" : share, 11) + "  " + VerdictWords.explanation(verdict)
    if broken.contains(verdict.rawValue) { return terminal.paint(line, .red) }
    if verdict == .stored && count > 0 { return terminal.paint(line, .green) }
    return count == 0 ? terminal.paint(line, .dim) : line
  }

  private var coping: [String] {
    let delivery = result.delivery
    let parts = [
      (delivery.connectionsLost, "connections lost"), (delivery.networkOutages, "network outages"), (delivery.powerCuts, "power cuts"),
      (delivery.redelivered, "re-deliveries"), (delivery.repeated, "application repeats"), (delivery.heldBack, "late on purpose"),
    ].filter { $0.0 > 0 }.map { "\(Terminal.number($0.0)) \($0.1)" }
    guard !parts.isEmpty else { return [] }
    return ["The devices went through: " + parts.joined(separator: ", ") + ".", ""]
  }

  private func describe(_ finding: Finding) -> [String] {
    let mark = finding.severity == .broken ? terminal.paint("broken", .red) : terminal.paint("note  ", .yellow)
    var lines = ["  \(mark)  \(finding.title)"]
    lines += finding.evidence.map { "          \($0)" }
    for example in finding.examples {
      lines.append("          \(example.sensorID) at \(example.timestamp): \(example.detail)")
      // A phantom has no life to tell.
      guard example.seq >= 0 else { continue }
      lines.append(terminal.paint("            heliograph explain \(folder) --device \(example.deviceID) --seq \(example.seq)", .dim))
    }
    return lines
  }
}
