import ArgumentParser
import FleetSpec

struct ReconcileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Judges every reading of a run against the store.",
    discussion: """
      May be repeated, and changes nothing in the store. Waits until the store has stood still for the contract's settling time. Writes
      verdicts.json, junit.xml, exceptions.ndjson, statistics.json and report.html into the run folder.

      EXAMPLES
        heliograph reconcile runs/NAME
        heliograph reconcile runs/NAME --json | jq .verdicts
        heliograph reconcile runs/NAME --store postgresql://user@127.0.0.1:8812/qdb
      """)

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("Another store that holds the table.", valueName: "url"))
  var store: String?

  @Option(
    help: ArgumentHelp("How long to wait for a store that still changes; what is missing then is pending. Default 2m.", valueName: "time"))
  var wait: String?

  @Flag(help: "Prints verdicts.json instead of the report.")
  var json = false

  @Flag(help: "Prints one line, and no progress.")
  var quiet = false

  func run() throws {
    let context = try RunContext(path: folder)
    let wait = try wait.map { try DurationArgument.parse($0, option: "--wait") }
    let job = ReconcileJob(context: context, storeURL: store, isQuiet: quiet || json, printsJSON: json, waitAtMost: wait)
    let status = try job.run()
    if status != .passed { throw status.exit }
  }
}

/// A duration on the command line.
enum DurationArgument {
  static func parse(_ text: String, option: String) throws -> Milliseconds {
    do {
      return try Units.duration(text)
    } catch {
      throw CommandFailure(.usage, "\(option): \(error.problem); expected \(error.expected)")
    }
  }
}
