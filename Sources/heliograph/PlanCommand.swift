import ArgumentParser
import FleetSpec
import Foundation
import Plot
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
        heliograph plan fleets/quickstart.yaml --duration 24h --plot day.svg
      """)

  @OptionGroup var fleet: FleetArguments

  @Option(help: ArgumentHelp("Measures this long instead of what the fleet file says.", valueName: "time"))
  var duration: String?

  @Flag(help: "Prints JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Also draws sun, readings per second and the outages of all devices over the run into this SVG file.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  func run() throws {
    var arguments = fleet
    if let duration { arguments.overrides.append("duration=\(duration)") }
    let loaded = try arguments.load()
    let world = World(fleet: loaded.fleet, start: loaded.fleet.start ?? referenceStart)
    if let plot {
      let selection = Selection(
        world: world, devices: try DeviceArgument.indices([], in: world), from: world.start, to: world.start + loaded.fleet.duration)
      try PlotArguments.write(plot) { Plot.plan(selection, to: $0) }
    }
    let plan = FleetPlan(world: world)
    let shortages = MachineLimits.current().shortages(for: plan)
    let report = PlanReport(plan, fleet: loaded.fleet.name, seed: loaded.fleet.seed, shortages: shortages)
    print(json ? try report.json() : report.text(Terminal()), terminator: "")
    if !shortages.isEmpty { throw ExitStatus.usage.exit }
  }
}
