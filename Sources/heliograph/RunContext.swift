import Diagnosis
import FleetSpec
import Foundation
import Ledger
import Reconciliation
import Report
import Simulation
import Store
import World

/// A run folder opened for judging.
struct RunContext {
  let folder: RunFolder
  let fleet: Fleet
  let world: World
  let ledger: RunLedger

  init(path: String) throws { try self.init(paths: [path]) }

  /// - Parameter paths: the run's folder, or those of all its shards; results are written into the first.
  init(paths: [String]) throws {
    let folders = try paths.map(Self.folder)
    folder = folders[0]
    let fleet = try FleetLoader.loadFleet(path: folder.fleetFile).fleet
    let readers = try folders.map { try LedgerReader(path: $0.ledgerFile) }
    guard let start = fleet.start else { throw CommandFailure(.incomplete, "\(folder.fleetFile) does not say when the run started") }
    let world = World(fleet: fleet, start: start)
    let places = try ShardSet.places(folders, readers)
    self.fleet = fleet
    self.world = world
    ledger = RunLedger(readers) { places[world.shard(ofDevice: $0, of: places.count)] }
  }

  private static func folder(_ path: String) throws -> RunFolder {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let folder = RunFolder(path: trimmed)
    guard FileManager.default.fileExists(atPath: folder.fleetFile) else {
      throw CommandFailure(.usage, "'\(path)' is no run folder: it has no fleet.yaml; give the folder that 'heliograph run' printed")
    }
    guard FileManager.default.fileExists(atPath: folder.ledgerFile) else {
      throw CommandFailure(.incomplete, "'\(path)' has no ledger.sqlite: the run was never started, and no verdict is possible")
    }
    return folder
  }

  /// Connects to the fleet's store, or to another one that holds the same table.
  func store(url override: String?) throws -> (connection: StoreConnection, mapping: StoreMapping) {
    guard let mapping = fleet.pipeline.store else {
      throw CommandFailure(.usage, "the run's fleet file names no store; give one under pipeline: store:, or run with --lab")
    }
    let password = try override == nil ? mapping.password?.read() : nil
    return (try StoreConnection(url: override ?? mapping.url, password: password), mapping)
  }

  /// A reconciler that can tell what the device did even when the store is away.
  func explainer(url override: String?) throws -> Reconciler {
    do {
      return try reconciler(url: override)
    } catch let error as StoreError {
      return try Reconciler(world: world, shards: ledger, store: AbsentStore(error), options: ReconciliationOptions(salt: fleet.seed))
    }
  }

  /// - Parameter regenerates: whether every reading is regenerated, and nothing taken from the sums that the run has kept.
  func reconciler(url override: String?, salt: UInt64? = nil, regenerates: Bool = false) throws -> Reconciler {
    let (connection, mapping) = try store(url: override)
    // Other buckets are sampled at each reconciliation.
    let salt = salt ?? fleet.seed ^ UInt64(bitPattern: Int64(SimulatedClock.wallMilliseconds()))
    var options = ReconciliationOptions(salt: salt)
    options.usesKeptDigests = !regenerates
    options.workFolder = folder.reconciliationFolder
    options.place = "\(connection.endpoint) \(mapping.table)"
    return try Reconciler(
      world: world, shards: ledger, store: TableRowStore(connection, mapping, world: world), options: options)
  }
}

extension RunContext {
  struct Judged: Decodable {
    var verdict: Verdict
    var detail: String
  }

  /// What the last reconciliation said of a reading that was not plainly stored, or nil.
  func judged(deviceID: String, seq: Int64) throws -> Judged? {
    guard let file = fopen(folder.exceptionsFile, "r") else { return nil }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
      guard text.contains("\"device_id\":\"\(deviceID)\""), text.contains("\"seq\":\(seq),") else { continue }
      return try JSONDecoder().decode(Judged.self, from: Data(text.utf8))
    }
    return nil
  }
}

/// Reconciles a run, writes its files and says what came out.
struct ReconcileJob {
  let context: RunContext
  let storeURL: String?
  let isQuiet: Bool
  let printsJSON: Bool
  let waitAtMost: Milliseconds?
  var regenerates = false

  func run() throws -> ExitStatus {
    let progress = ProgressDisplay(terminal: Terminal(descriptor: STDERR_FILENO), isQuiet: isQuiet)
    let reconciler: Reconciler
    do {
      reconciler = try context.reconciler(url: storeURL, regenerates: regenerates)
    } catch let error as StoreError {
      throw unreachable(error)
    }
    let display = StageDisplay(progress)
    reconciler.onStage = { display.show($0) }
    if let waitAtMost { reconciler.options.waitAtMost = waitAtMost }
    let exceptions = ExceptionFile(path: context.folder.exceptionsFile)
    reconciler.onBegin = {
      try exceptions.open(keeping: $0)
      if $0 > 0 { display.note("going on from where the last reconciliation was interrupted") }
    }
    reconciler.onException = { try exceptions.write($0) }
    let diagnostician = Diagnostician()
    reconciler.observer = diagnostician
    reconciler.onSave = { try exceptions.flush() }
    let interruption = Interruption(reconciler.interrupter)
    reconciler.shouldStop = { interruption.isAsked }
    let result: ReconciliationResult
    do {
      result = try reconciler.reconcile()
    } catch let error as StoreError {
      progress.end()
      throw unreachable(error)
    } catch is ReconciliationInterrupted {
      progress.end()
      throw CommandFailure(
        .interrupted,
        "interrupted; what was found out so far is kept: 'heliograph reconcile \(context.folder.path)' goes on from there")
    }
    progress.end()
    try exceptions.close()
    let diagnosis = diagnostician.diagnose()
    let json = try ResultFiles.json(result, diagnosis: diagnosis)
    try json.write(to: URL(fileURLWithPath: context.folder.verdictsFile), options: .atomic)
    try ResultFiles.junit(result).write(toFile: context.folder.junitFile, atomically: true, encoding: .utf8)
    try writeReport(reconciler, result)
    if printsJSON {
      FileHandle.standardOutput.write(json)
    } else {
      let report = VerdictReport(result, diagnosis: diagnosis, folder: context.folder.path, terminal: Terminal())
      print(isQuiet ? report.headline + "\n" : report.text, terminator: "")
      if !isQuiet { print("report      \(context.folder.reportFile)") }
    }
    if result.passed { return .passed }
    return result.thresholds.allSatisfy(\.met) ? .incomplete : .broken
  }

  /// `statistics.json` and `report.html`.
  private func writeReport(_ reconciler: Reconciler, _ result: ReconciliationResult) throws {
    var arrivals: ArrivalLatency?
    var unobservable: String?
    do {
      arrivals = try measureArrivals(reconciler)
    } catch let reason as ArrivalLatency.Unobservable {
      unobservable = reason.reason
    } catch let error as StoreError {
      // The verdicts stand; a figure that the store does not give is no reason to throw them away.
      unobservable = "\(error)"
    }
    let breakdown = reconciler.tally.breakdown
    let isWhole = breakdown.readings == result.readings
    let statistics = RunStatistics(
      breakdown: isWhole ? breakdown : nil, arrivals: arrivals, arrivalsUnobservable: unobservable)
    try statistics.json().write(to: URL(fileURLWithPath: context.folder.statisticsFile), options: .atomic)
    let page = HTMLReport(try ReportFiles.report(context))
    try ReportFiles.write(context.folder.reportFile) { page.write(to: $0) }
  }

  private func measureArrivals(_ reconciler: Reconciler) throws -> ArrivalLatency {
    let (connection, mapping) = try context.store(url: storeURL)
    let grid = try FigureGrid(context.ledger.shards, fleet: context.fleet)
    return try ArrivalLatency.measure(
      on: connection, mapping, ledger: context.ledger.shards[0], window: reconciler.window, from: grid.start, every: grid.length,
      columns: grid.columns)
  }

  private func unreachable(_ error: StoreError) -> CommandFailure {
    CommandFailure(
      .unreachable, "\(error)\nNo verdict yet, and nothing is lost: judge the run later with 'heliograph reconcile \(context.folder.path)'")
  }
}
