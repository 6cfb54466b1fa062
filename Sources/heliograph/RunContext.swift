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
  let ledger: LedgerReader

  init(path: String) throws {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    folder = RunFolder(path: trimmed)
    guard FileManager.default.fileExists(atPath: folder.fleetFile) else {
      throw CommandFailure(.usage, "'\(path)' is no run folder: it has no fleet.yaml; give the folder that 'heliograph run' printed")
    }
    guard FileManager.default.fileExists(atPath: folder.ledgerFile) else {
      throw CommandFailure(.incomplete, "'\(path)' has no ledger.sqlite: the run was never started, and no verdict is possible")
    }
    fleet = try FleetLoader.loadFleet(path: folder.fleetFile).fleet
    ledger = try LedgerReader(path: folder.ledgerFile)
    guard let start = fleet.start else { throw CommandFailure(.incomplete, "\(folder.fleetFile) does not say when the run started") }
    world = World(fleet: fleet, start: start)
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
      return try Reconciler(world: world, ledger: ledger, store: AbsentStore(error), options: ReconciliationOptions(salt: fleet.seed))
    }
  }

  func reconciler(url override: String?, salt: UInt64? = nil) throws -> Reconciler {
    let (connection, mapping) = try store(url: override)
    // Other buckets are sampled at each reconciliation.
    let salt = salt ?? fleet.seed ^ UInt64(bitPattern: Int64(SimulatedClock.wallMilliseconds()))
    return try Reconciler(
      world: world, ledger: ledger, store: TableRowStore(connection, mapping, world: world), options: ReconciliationOptions(salt: salt))
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

  func run() throws -> ExitStatus {
    let progress = ProgressDisplay(terminal: Terminal(descriptor: STDERR_FILENO), isQuiet: isQuiet)
    let reconciler: Reconciler
    do {
      reconciler = try context.reconciler(url: storeURL)
    } catch let error as StoreError {
      throw unreachable(error)
    }
    reconciler.onStage = { Self.show($0, progress) }
    if let waitAtMost { reconciler.options.waitAtMost = waitAtMost }
    let exceptions = try ExceptionFile(path: context.folder.exceptionsFile)
    reconciler.onException = { try exceptions.write($0) }
    let result: ReconciliationResult
    do {
      result = try reconciler.reconcile()
    } catch let error as StoreError {
      progress.end()
      throw unreachable(error)
    }
    progress.end()
    try exceptions.close()
    let json = try ResultFiles.json(result)
    try json.write(to: URL(fileURLWithPath: context.folder.verdictsFile), options: .atomic)
    try ResultFiles.junit(result).write(toFile: context.folder.junitFile, atomically: true, encoding: .utf8)
    if printsJSON {
      FileHandle.standardOutput.write(json)
    } else {
      let report = VerdictReport(result, folder: context.folder.path, terminal: Terminal())
      print(isQuiet ? report.headline + "\n" : report.text, terminator: "")
    }
    if result.passed { return .passed }
    return result.thresholds.allSatisfy(\.met) ? .incomplete : .broken
  }

  private func unreachable(_ error: StoreError) -> CommandFailure {
    CommandFailure(
      .unreachable, "\(error)\nNo verdict yet, and nothing is lost: judge the run later with 'heliograph reconcile \(context.folder.path)'")
  }

  private static func show(_ stage: ReconciliationStage, _ progress: ProgressDisplay) {
    switch stage {
    case .waiting(let rows, let least):
      let share = least > 0 ? Double(rows) / Double(least) : 1
      progress.show("waiting", share: share, detail: "\(Terminal.number(rows)) rows; until the store has stood still for the settling time")
    case .regenerating(let device, let count):
      progress.show("expecting", share: Double(device) / Double(max(1, count)), detail: "device \(device) of \(count)")
    case .digesting(let stretch, let count):
      progress.show("digesting", share: Double(stretch) / Double(max(1, count)), detail: "in the store, part \(stretch + 1) of \(count)")
    case .fetching(let rows, let count):
      progress.show("fetching", share: Double(rows) / Double(max(1, count)), detail: "\(Terminal.number(rows)) rows of what differs")
    case .judging(let device, let count):
      progress.show("judging", share: Double(device) / Double(max(1, count)), detail: "device \(device) of \(count) that differ")
    }
  }
}

/// `exceptions.ndjson`: one line for each reading or row whose verdict is not "stored".
final class ExceptionFile {
  private let path: String
  private let handle: FileHandle
  private var buffer = Data()

  init(path: String) throws {
    self.path = path
    guard FileManager.default.createFile(atPath: path + ".part", contents: nil), let handle = FileHandle(forWritingAtPath: path + ".part")
    else {
      throw CommandFailure(.usage, "cannot write \(path)")
    }
    self.handle = handle
  }

  func write(_ exception: Reconciliation.Exception) throws {
    let detail = String(decoding: try JSONEncoder().encode(exception.detail), as: UTF8.self)
    let line =
      "{\"verdict\":\"\(exception.verdict.rawValue)\",\"device_id\":\"\(exception.deviceID)\",\"sensor_id\":\"\(exception.sensorID)\","
      + "\"boot\":\(exception.boot),\"seq\":\(exception.seq),\"timestamp\":\(exception.timestamp),\"detail\":\(detail)}\n"
    buffer.append(contentsOf: line.utf8)
    if buffer.count > 1 << 16 { try flush() }
  }

  private func flush() throws {
    try handle.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// The file takes its name only when it is whole.
  func close() throws {
    try flush()
    try handle.close()
    guard rename(path + ".part", path) == 0 else { throw CommandFailure(.usage, "cannot write \(path)") }
  }
}
