import ArgumentParser
import FleetSpec
import Foundation
import Report
import Simulation
import World

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Plays a fleet against a real broker, and judges every message afterwards.",
    discussion: """
      Writes one folder: the resolved fleet file, the ledger, a log, the verdicts and a report. Ctrl-C ends the run early with a complete ledger.

      EXAMPLES
        heliograph run fleets/quickstart.yaml --lab .lab
        heliograph run my-fleet.yaml --seed 7 --duration 10m --set devices[0].count=50
        heliograph run my-fleet.yaml --speed x10 --out runs/tenfold --no-reconcile
      """)

  @OptionGroup var fleet: FleetArguments

  @Option(help: ArgumentHelp("Measures this long instead of what the fleet file says.", valueName: "time"))
  var duration: String?

  @Option(help: ArgumentHelp("real, a factor such as x10, or max.", valueName: "speed"))
  var speed: SpeedArgument = SpeedArgument(speed: .real)

  @Option(help: ArgumentHelp("The run folder; by default runs/<fleet>-<start>-<seed>.", valueName: "dir"), completion: .directory)
  var out: String?

  @Flag(inversion: .prefixedNo, help: "Whether to judge the run when it has ended.")
  var reconcile = true

  @Flag(help: "Prints verdicts.json instead of the report.")
  var json = false

  @Flag(help: "Prints the run's folder and the verdict, and no progress.")
  var quiet = false

  func run() throws {
    var arguments = fleet
    if let duration { arguments.overrides.append("duration=\(duration)") }
    let loaded = try arguments.load()
    guard let transport = loaded.fleet.transport else {
      throw CommandFailure(.usage, "\(fleet.fleet) names no broker; give one under transport: mqtt:, or start a lab and add --lab DIR")
    }
    if reconcile && loaded.fleet.pipeline.store == nil {
      throw CommandFailure(.usage, "\(fleet.fleet) names no store; give one under pipeline: store:, or add --no-reconcile")
    }
    MachineLimits.raiseDescriptorLimit()
    let start = loaded.fleet.start ?? SimulatedClock.wallMilliseconds()
    let world = World(fleet: loaded.fleet, start: start)
    let shortages = MachineLimits.current().shortages(for: FleetPlan(world: world))
    guard shortages.isEmpty else {
      throw CommandFailure(.usage, "this machine is too small for the fleet:\n  " + shortages.joined(separator: "\n  "))
    }
    let folder = RunFolder(path: out ?? RunFolder.defaultPath(fleet: loaded.fleet.name, start: start, seed: loaded.fleet.seed))
    let play = try FleetRun(
      world: world, transport: transport, password: try transport.password?.read(), folder: folder,
      resolvedFleet: loaded.resolvedYAML(start: start, seed: loaded.fleet.seed), speed: speed.speed,
      facts: [("version", Heliograph.configuration.version)])
    if !json {
      print("run \(folder.path)  seed \(loaded.fleet.seed)")
      // The name comes first, in a pipe too.
      fflush(nil)
    }
    let state = try follow(play)
    try judge(folder, state)
  }

  private func follow(_ play: FleetRun) throws -> RunState {
    let progress = ProgressDisplay(terminal: Terminal(descriptor: STDERR_FILENO), isQuiet: quiet || json)
    play.onProgress = { state in
      let label = state.stage == .measuring ? "running" : state.stage == .draining ? "draining" : "done"
      progress.show(
        label, share: Double(state.elapsed) / Double(max(1, state.duration)),
        detail: "\(state.connected)/\(state.devices) connected, \(Terminal.number(state.measured)) measured, "
          + "\(Terminal.number(state.published)) sent, \(Terminal.number(state.acknowledged)) acknowledged, "
          + "\(Terminal.number(Int64(state.backlog))) buffered")
    }
    defer { progress.end() }
    return try play.play()
  }

  private func judge(_ folder: RunFolder, _ state: RunState) throws {
    if reconcile {
      let job = ReconcileJob(
        context: try RunContext(path: folder.path), storeURL: nil, isQuiet: quiet || json, printsJSON: json, waitAtMost: nil)
      let status = try job.run()
      if state != .interrupted && status != .passed { throw status.exit }
    } else if !json {
      print("judge it with: heliograph reconcile \(folder.path)")
    }
    if state == .interrupted { throw ExitStatus.interrupted.exit }
  }
}

/// `--speed`.
struct SpeedArgument: ExpressibleByArgument {
  let speed: Speed
  init(speed: Speed) { self.speed = speed }
  init?(argument: String) {
    switch argument {
    case "real": speed = .real
    case "max": speed = .maximum
    default:
      guard argument.hasPrefix("x"), let factor = Double(argument.dropFirst()), factor > 0, factor.isFinite else { return nil }
      speed = .times(factor)
    }
  }
  var defaultValueDescription: String { "real" }
}
