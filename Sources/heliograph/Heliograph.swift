import ArgumentParser
import Foundation

/// The command line. Exit codes are an API; see `ExitStatus`.
@main
struct Heliograph: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heliograph",
    abstract: "Simulates a fleet of solar and IoT devices, and tells what became of every message that they sent.",
    discussion: """
      EXAMPLES
        heliograph lab up
        heliograph run fleets/quickstart.yaml --lab .lab
        heliograph explain runs/NAME --device inv-0001 --seq 42
        heliograph report runs/NAME --open

      EXIT CODES
        0    passed
        1    a threshold or the pipeline's contract was broken
        2    wrong usage or an invalid fleet file; nothing was started
        3    a component could not be reached, or was lost for good
        4    the run is incomplete: no verdict is possible
        130  interrupted; the ledger is complete up to that moment
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, ReconcileCommand.self, ReportCommand.self, PlanCommand.self, ValidateCommand.self, TraceCommand.self,
      ExplainCommand.self,
      LabCommand.self, CertsCommand.self, DoctorCommand.self, SchemaCommand.self, ProveCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Foundation.exit(ExitStatus.end(with: error))
    }
  }
}
