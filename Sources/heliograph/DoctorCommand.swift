import ArgumentParser
import Doctor
import FleetSpec
import Report

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks this machine and, with a fleet file, its broker, store and table mapping; each with a fix.",
    discussion: """
      Exits with 3 when a component cannot be reached or used.

      EXAMPLES
        heliograph doctor
        heliograph doctor my-fleet.yaml
        heliograph doctor fleets/quickstart.yaml --lab .lab
      """)

  @Argument(help: "The fleet file.", completion: .file(extensions: ["yaml", "yml"]))
  var fleet: String?

  @Option(help: "Takes broker and store from the lab in this folder.", completion: .directory)
  var lab: String?

  func run() throws {
    var checks = MachineChecks.all()
    if let fleet {
      var arguments = FleetArguments()
      arguments.fleet = fleet
      arguments.lab = lab
      arguments.overrides = []
      arguments.seed = nil
      arguments.rate = nil
      checks += FleetChecks(try arguments.load().fleet).all()
    }
    print(CheckReport(checks).text(Terminal()), terminator: "")
    if checks.contains(where: { $0.status == .problem }) { throw ExitStatus.unreachable.exit }
  }
}
