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

  @Option(
    help: ArgumentHelp(
      "Plays a part of the fleet; other processes, perhaps elsewhere, play the others. Judge them together with reconcile.",
      valueName: "k/n"))
  var shard: ShardArgument?

  @Flag(inversion: .prefixedNo, help: "Whether to judge the run when it has ended.")
  var reconcile = true

  @Flag(
    help: "Judges the run while it goes on, too: all that is older than the settling time. Each pass is a line of live.ndjson.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: the time between two passes. Default 10s.", valueName: "time"))
  var watchEvery: String?

  @Flag(help: "Prints verdicts.json instead of the report.")
  var json = false

  @Flag(help: "Prints the run's folder and the verdict, and no progress.")
  var quiet = false

  func run() throws {
    var arguments = fleet
    if let duration { arguments.overrides.append("duration=\(duration)") }
    let loaded = try arguments.load()
    guard let transport = loaded.fleet.transport else {
      throw CommandFailure(.usage, "\(fleet.fleet) names no broker; give one under transport:, or start a lab and add --lab DIR")
    }
    if reconcile && loaded.fleet.pipeline.store == nil {
      throw CommandFailure(.usage, "\(fleet.fleet) names no store; give one under pipeline: store:, or add --no-reconcile")
    }
    let interval = try watchInterval(loaded.fleet)
    MachineLimits.raiseDescriptorLimit()
    let start = loaded.fleet.start ?? SimulatedClock.wallMilliseconds()
    let world = World(fleet: loaded.fleet, start: start)
    let shortages = MachineLimits.current().shortages(for: FleetPlan(world: world, shard: shard?.shard))
    guard shortages.isEmpty else {
      throw CommandFailure(.usage, "this machine is too small for the fleet:\n  " + shortages.joined(separator: "\n  "))
    }
    try checkShard(world, loaded.fleet)
    let folder = RunFolder(
      path: out ?? RunFolder.defaultPath(fleet: loaded.fleet.name, start: start, seed: loaded.fleet.seed, shard: shard?.shard))
    let play = try FleetRun(
      world: world, shard: shard?.shard, transport: transport, folder: folder,
      resolvedFleet: loaded.resolvedYAML(start: start, seed: loaded.fleet.seed), speed: speed.speed,
      facts: [("version", Heliograph.configuration.version)])
    if !json {
      print("run \(folder.path)  seed \(loaded.fleet.seed)")
      if let announcement = play.announcement { print(announcement) }
      // The name comes first, in a pipe too.
      fflush(nil)
    }
    let live = try interval.map {
      try LiveWatch(folder: folder, world: world, mapping: $0.mapping, interval: $0.every, factor: speed.speed.factor)
    }
    live?.start()
    let state: RunState
    do {
      defer { live?.stop() }
      // Also when the run fails: the devices and causes are in its log, and belong beside the error.
      defer { for problem in play.problems { FileHandle.standardError.write(Data("connection problem: \(problem)\n".utf8)) } }
      state = try follow(play, live)
    }
    if !json && !quiet { for line in play.linkSummary { print(line) } }
    if !json { for loss in play.brokerLosses { print("broker       \(loss)") } }
    try judge(folder, state)
  }

  /// A part of a fleet must be one that the others can be put beside.
  private func checkShard(_ world: World, _ fleet: Fleet) throws {
    guard let shard, shard.shard.count > 1 else { return }
    guard fleet.start != nil else {
      throw CommandFailure(
        .usage,
        "--shard: the fleet starts now, which is another instant in each process; add for example --set start=2026-06-21T10:00:00Z")
    }
    guard !watch && watchEvery == nil else {
      throw CommandFailure(.usage, "--watch: one shard knows nothing of the others' rows; judge all of them with 'heliograph reconcile'")
    }
    guard world.devices.indices.contains(where: { shard.shard.contains($0, of: world) }) else {
      throw CommandFailure(.usage, "--shard: no device of this fleet falls into shard \(shard.shard); use fewer shards")
    }
  }

  private static func ending(_ news: LiveWatch.News?) -> String {
    guard let news, !news.summary.isEmpty else { return "" }
    return "; \(news.summary)"
  }

  /// Where and how often to judge while the run goes on; nil without `--watch`.
  private func watchInterval(_ fleet: Fleet) throws -> (mapping: StoreMapping, every: Milliseconds)? {
    guard watch || watchEvery != nil else { return nil }
    guard let mapping = fleet.pipeline.store else {
      throw CommandFailure(.usage, "--watch: \(self.fleet.fleet) names no store; give one under pipeline: store:")
    }
    guard speed.speed != .maximum else {
      throw CommandFailure(.usage, "--watch: a run at --speed max has no present; use real or a factor")
    }
    let every = try watchEvery.map { try DurationArgument.parse($0, option: "--watch-every") } ?? 10_000
    guard every >= 100 else { throw CommandFailure(.usage, "--watch-every: '\(watchEvery ?? "")' is too short; expected 100ms or more") }
    return (mapping, every)
  }

  private func follow(_ play: FleetRun, _ live: LiveWatch?) throws -> RunState {
    let progress = ProgressDisplay(terminal: Terminal(descriptor: STDERR_FILENO), isQuiet: quiet || json)
    play.onProgress = { state in
      let news = live?.take()
      for line in news?.lines ?? [] { progress.note("live         \(line)") }
      let label = state.stage == .measuring ? "running" : state.stage == .draining ? "draining" : "done"
      progress.show(
        label, share: Double(state.elapsed) / Double(max(1, state.duration)),
        detail: "\(state.connected)/\(state.devices) connected, \(Terminal.number(state.measured)) measured, "
          + "\(Terminal.number(state.published)) sent, \(Terminal.number(state.acknowledged)) acknowledged, "
          + "\(Terminal.number(Int64(state.backlog))) buffered" + Self.ending(news))
    }
    defer { progress.end() }
    return try play.play()
  }

  private func judge(_ folder: RunFolder, _ state: RunState) throws {
    if let shard, shard.shard.count > 1 {
      if !json { print("judge all shards together: heliograph reconcile \(folder.path) OTHERS") }
    } else if reconcile {
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

/// `--shard`.
struct ShardArgument: ExpressibleByArgument {
  let shard: Shard
  init?(argument: String) {
    guard let shard = Shard(argument) else { return nil }
    self.shard = shard
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
