import Doctor

/// The doctor's checks as a list.
public struct CheckReport {
  private let checks: [Check]
  public init(_ checks: [Check]) { self.checks = checks }

  public func text(_ terminal: Terminal) -> String {
    var lines: [String] = []
    let width = (checks.map(\.subject.count).max() ?? 0) + 2
    for check in checks {
      let mark =
        switch check.status {
        case .good: terminal.paint("ok     ", .green)
        case .warning: terminal.paint("warning", .yellow)
        case .problem: terminal.paint("problem", .red)
        }
      lines.append("\(mark)  \(Terminal.left(check.subject, width))\(check.found)")
      if !check.fix.isEmpty { lines.append("         " + Terminal.left("", width) + "fix: \(check.fix)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
