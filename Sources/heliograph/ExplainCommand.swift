import ArgumentParser
import FleetSpec
import Reconciliation
import Report

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells the life of one reading: measured, buffered, sent, acknowledged, stored, and why its verdict is what it is.",
    discussion: """
      EXAMPLES
        heliograph explain runs/NAME --device inv-0001 --seq 42
      """)

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("The device.", valueName: "id"))
  var device: String

  @Option(help: ArgumentHelp("The number of the reading on its device, from 0.", valueName: "n"))
  var seq: Int64

  @Option(help: ArgumentHelp("Another store that holds the table.", valueName: "url"))
  var store: String?

  func run() throws {
    let context = try RunContext(path: folder)
    do {
      var explanation = try context.explainer(url: store).explain(deviceID: device, seq: seq)
      // Whether a row elsewhere is this reading's only the whole reconciliation can tell.
      if explanation.verdict == .lost, let judged = try context.judged(deviceID: device, seq: seq), judged.verdict != .lost {
        explanation.verdict = judged.verdict
        explanation.reason = judged.detail
      }
      print(ExplanationReport(explanation).text(Terminal()), terminator: "")
      if explanation.verdict == nil { throw ExitStatus.unreachable.exit }
    } catch let error as ExplanationError {
      throw CommandFailure(.usage, error.description)
    }
  }
}
