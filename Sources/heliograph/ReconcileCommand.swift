import ArgumentParser
import FleetSpec

struct ReconcileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Judges every reading of a run against the store.",
    discussion: """
      May be repeated, and changes nothing in the store. Waits until the store has stood still for the contract's settling time. Writes
      verdicts.json, junit.xml, exceptions.ndjson, statistics.json and report.html into the run folder.

      May be interrupted with Ctrl-C (exit 130): the next 'heliograph reconcile' of the run then goes on from there, unless the store has
      changed meanwhile.

      EXAMPLES
        heliograph reconcile runs/NAME
        heliograph reconcile runs/first-half runs/second-half
        heliograph reconcile runs/NAME --json | jq .verdicts
        heliograph reconcile runs/NAME --regenerate
        heliograph reconcile runs/NAME --store postgresql://user@127.0.0.1:8812/qdb
      """)

  @Argument(help: ArgumentHelp("The run folder, or those of all shards of a run.", valueName: "run"), completion: .directory)
  var folders: [String]

  @Option(help: ArgumentHelp("Another store that holds the table.", valueName: "url"))
  var store: String?

  @Option(
    help: ArgumentHelp("How long to wait for a store that still changes; what is missing then is pending. Default 2m.", valueName: "time"))
  var wait: String?

  @Flag(help: "Regenerates every reading, and does not use the sums that the run has kept of them.")
  var regenerate = false

  @Flag(help: "Prints verdicts.json instead of the report.")
  var json = false

  @Flag(help: "Prints one line, and no progress.")
  var quiet = false

  func run() throws {
    let context = try RunContext(paths: folders)
    let wait = try wait.map { try DurationArgument.parse($0, option: "--wait") }
    var job = ReconcileJob(context: context, storeURL: store, isQuiet: quiet || json, printsJSON: json, waitAtMost: wait)
    job.regenerates = regenerate
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
