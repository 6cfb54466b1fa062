import FleetSpec
import Foundation
import Ledger
import Reconciliation
import Store
import World

/// Reconciles, and tells what each stage cost here and in the store.
struct Judging {
  let folder: String
  let fleet: Fleet
  let url: String
  /// The store's process, when its processor time is to be told.
  var storeProcess: Int?
  var regenerates = false

  init(folder: String, fleet: Fleet, url: String) throws {
    self.folder = folder
    self.fleet = fleet
    self.url = url
  }

  private final class Clock {
    var stages: [(name: String, wall: Double, own: Double, store: Double, memory: Int)] = []
    private var current = "opening"
    private var last: (Double, Double, Double)
    private let storeProcess: Int?

    init(_ storeProcess: Int?) {
      self.storeProcess = storeProcess
      last = (Resources.now, Resources.processor, storeProcess.map(Resources.processor(of:)) ?? 0)
    }

    func enter(_ name: String) {
      guard name != current else { return }
      let now = (Resources.now, Resources.processor, storeProcess.map(Resources.processor(of:)) ?? 0)
      stages.append((current, now.0 - last.0, now.1 - last.1, now.2 - last.2, Resources.memory("VmRSS")))
      last = now
      current = name
    }
  }

  func run() throws -> Bool {
    let begin = Resources.now
    let clock = Clock(storeProcess)
    let world = World(fleet: fleet, start: fleet.start ?? 0)
    guard let mapping = fleet.pipeline.store else { throw SinkError(description: "the fleet names no store") }
    var connection = ConnectionOptions()
    connection.statementTimeout = 7_200_000
    let store = try TableRowStore(StoreConnection(url: url, password: nil, options: connection), mapping)
    var options = ReconciliationOptions(salt: fleet.seed &+ UInt64(getpid()))
    options.usesKeptDigests = !regenerates
    options.workFolder = "\(folder)/work"
    let reconciler = try Reconciler(world: world, ledger: LedgerReader(path: "\(folder)/ledger.sqlite"), store: store, options: options)
    var found = Fingerprint()
    reconciler.onException = { found.add($0.verdict, deviceID: $0.deviceID, seq: $0.seq) }
    reconciler.onStage = { stage in
      switch stage {
      case .waiting: clock.enter("waiting")
      case .regenerating: clock.enter("expecting")
      case .digesting: clock.enter("digesting")
      case .fetching: clock.enter("fetching")
      case .judging: clock.enter("judging")
      }
    }
    let result = try reconciler.reconcile()
    clock.enter("end")
    report(result, clock.stages, Resources.now - begin)
    let truth = Fingerprint(text: try String(contentsOfFile: "\(folder)/truth.txt", encoding: .utf8))
    let isRight = truth == found
    print(
      "exactly the seeded defects    \(isRight ? "yes" : "NO: seeded \(truth.counts) \(truth.sum), found \(found.counts) \(found.sum)")")
    return isRight
  }

  private func report(
    _ result: ReconciliationResult, _ stages: [(name: String, wall: Double, own: Double, store: Double, memory: Int)], _ wall: Double
  ) {
    func text(_ number: Double, _ width: Int = 10) -> String {
      let text = String(format: "%.1f", number)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    print("stage            wall s  own cpu s  store cpu s  resident MiB")
    for stage in stages {
      print(
        stage.name.padding(toLength: 12, withPad: " ", startingAt: 0) + text(stage.wall, 11) + text(stage.own, 11) + text(stage.store, 13)
          + text(Double(stage.memory), 14))
    }
    let own = Resources.processor
    let scan = stages.filter { $0.name == "digesting" }.reduce(0) { $0 + $1.store }
    let waits = stages.filter { $0.name == "waiting" }.reduce(0) { $0 + $1.wall }
    let work = wall - waits
    let work9 = work * 1e9 / Double(max(1, result.readings))
    print("readings                      \(result.readings); rows in the window \(result.work.rowsInWindow)")
    print("readings regenerated          \(result.work.regeneratedReadings) to expect; kept sums checked \(result.work.checkedDigests)")
    print("buckets                       \(result.work.buckets), of which \(result.work.differingBuckets) differ")
    print("rows fetched                  \(result.work.rowsFetched)")
    print(
      "wall, without settling        \(text(work, 1)) s = \(Int(Double(result.readings) / work)) readings/s; 1e9 would take \(Int(work9)) s"
    )
    print("processor here                \(text(own, 1)) s; of the store's digests \(text(scan, 1)) s")
    print(
      "peak memory here              \(Resources.memory("VmHWM")) MiB; under 300: \(Resources.memory("VmHWM") < 300 ? "met" : "NOT MET")")
    if storeProcess != nil { print("cheaper than the store's scan \(own < scan ? "met" : "NOT MET")") }
  }
}
