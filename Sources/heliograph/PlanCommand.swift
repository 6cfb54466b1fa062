import ArgumentParser
import FleetSpec
import Foundation
import Report
import Simulation
import World

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Tells what a run would do and need, before anything is started.",
    discussion: """
      Outages are those that the seed has planned; repeats and late readings are expectations. Exits with 2 when this machine is too small.

      EXAMPLES
        heliograph plan fleets/quickstart.yaml
        heliograph plan fleets/quickstart.yaml --duration 24h --json
      """)

  @OptionGroup var fleet: FleetArguments

  @Option(help: ArgumentHelp("Measures this long instead of what the fleet file says.", valueName: "time"))
  var duration: String?

  @Flag(help: "Prints JSON.")
  var json = false

  func run() throws {
    var arguments = fleet
    if let duration { arguments.overrides.append("duration=\(duration)") }
    let loaded = try arguments.load()
    let world = World(fleet: loaded.fleet, start: loaded.fleet.start ?? referenceStart)
    let plan = FleetPlan(world: world)
    let shortages = MachineLimits.current().shortages(for: plan)
    let report = PlanReport(plan, fleet: loaded.fleet.name, seed: loaded.fleet.seed, shortages: shortages)
    print(json ? try report.json() : report.text(Terminal()), terminator: "")
    if !shortages.isEmpty { throw ExitStatus.usage.exit }
  }
}
