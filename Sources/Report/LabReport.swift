import Lab

/// The parts of a lab as a list.
public struct LabReport {
  private let status: LabStatus
  public init(_ status: LabStatus) { self.status = status }

  public func text(_ terminal: Terminal) -> String {
    var lines: [String] = []
    for part in status.parts {
      let running = part.state == .running || part.state == .outside
      let state = terminal.paint(Terminal.left(part.state.rawValue, 9), running ? .green : .red)
      let port = part.port.map { "127.0.0.1:\($0)" } ?? ""
      let pid = part.pid.map { "process \($0)" } ?? ""
      lines.append("  " + Terminal.left(part.component.rawValue, 10) + state + Terminal.left(port, 18) + pid)
    }
    if status.parts.isEmpty { lines.append("  there is no lab in \(status.folder)") }
    if !status.defects.isEmpty { lines.append("  defects   " + status.defects.joined(separator: ", ")) }
    if let pipeline = status.pipeline, pipeline.received > 0 {
      lines.append(
        "  pipeline  \(Terminal.number(Int64(pipeline.received))) received, \(Terminal.number(Int64(pipeline.stored))) stored, "
          + "\(Terminal.number(Int64(pipeline.duplicatesRemoved))) repeats removed, \(Terminal.number(Int64(pipeline.rejected))) rejected, "
          + "\(Terminal.number(Int64(pipeline.harmed))) harmed")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
