import FleetSpec
import Ledger
import Store
import World

/// How a reconciliation is to be done.
public struct ReconciliationOptions: Sendable {
  /// Wall-clock milliseconds after which a store that still changes is judged as it is; what is missing is then pending.
  public var waitAtMost: Milliseconds = 120_000
  /// Agreeing buckets that are checked row by row nevertheless.
  public var samples = 16
  /// Whether the sums that the run has kept are used where they are whole; otherwise every reading is regenerated.
  public var usesKeptDigests = true
  /// The most examples that a finding shows.
  public var examples = 3
  /// Bytes of fetched rows that may stay in memory; what is more goes to files.
  public var rowMemory = 48 << 20
  /// Strays and missing readings that may wait in memory for each other; what is more goes to files.
  public var pairsInMemory = 150_000
  /// Where such files are, and what is needed to continue after an interruption; nil for a folder of their own among the temporary files.
  public var workFolder: String?
  /// Which store it is, for people; work is continued with the same one only.
  public var place = ""
  /// Sets the digest's keys and the sample.
  public var salt: UInt64
  public init(salt: UInt64) { self.salt = salt }
}

/// What a reconciliation is doing, for people who wait.
public enum ReconciliationStage: Sendable {
  /// The store's row count still changes.
  case waiting(rows: Int64, atLeast: Int64)
  case regenerating(device: Int, of: Int)
  /// The store sums up its rows, one stretch of time after the other.
  case digesting(stretch: Int, of: Int)
  /// Rows are put aside until all that are needed are there; how many there will be is an estimate.
  case fetching(rows: Int64, of: Int64)
  case judging(device: Int, of: Int)
}

/// One reading, or row, whose verdict is not plainly "stored".
public struct Exception: Sendable, Equatable, Codable {
  public var verdict: Verdict
  public var deviceID: String
  public var sensorID: String
  /// -1 for a phantom.
  public var boot: Int32
  public var seq: Int64
  /// Device clock; of the row for a phantom, in milliseconds.
  public var timestamp: Milliseconds
  public var detail: String
}

/// Judges a run: one verdict for each reading, from World, Ledger and Store.
public final class Reconciler {
  let world: World
  private let workspace: Workspace
  let ledger: RunLedger
  let facts: RunFacts
  let store: any RowStore
  public var options: ReconciliationOptions
  /// The stretch of the run that is judged, as if nothing else belonged to it; nil for all of it.
  let part: RunPart?
  private(set) var contract: Contract
  /// Breaks the reconciler on purpose; see `Mutation`.
  package var mutation: Mutation? { didSet { contract.mutation = mutation } }
  let sensors: ExpectedSensors
  let keys: DigestKeys
  let digestTerms: DigestTerms
  /// The second link of a device, and the clones of one, by the original's number; both have numbers of their own.
  let secondLink: [Int: Int]
  let clones: [Int: [Int]]
  var table: BucketTable
  var counts = VerdictCounts()
  /// The same by site, profile, firmware and time.
  public internal(set) var tally: VerdictTally
  var work = WorkSummary()
  /// Fetched rows, by device.
  var spill: RowSpill
  /// What the device that is just being judged has left over.
  var left = Leftovers()
  /// What the devices judged so far have left over on both sides.
  var pairs: PendingPairs
  let workspaceFolder: WorkFolder
  /// How often readings were misplaced by the same amount.
  var shifts = Tally()
  var exceptions = ExceptionList()
  /// Readings whose timestamp lies outside all buckets.
  var outliers = Outliers()
  /// Devices with readings that must not be in the store; these are told one by one even where the digest agrees.
  var devicesToTell: Set<Int> = []
  /// Sensors that a device of the fleet does not have.
  var foreignSensors = Tally()
  var isDrained = true
  /// Wall-clock milliseconds.
  var arrivedUntil: Milliseconds = 0
  /// Rows in the window when the store was last asked.
  var restingRows: Int64?
  /// How many rows there must be.
  var least: Int64 = 0
  /// Buckets with readings for which a digest cannot vouch.
  var peculiarBuckets = 0
  /// Shifts of timestamps found so far, in the order in which they were found.
  var commonShifts: [Int64] = []
  var position = SavedReconciliation.Position()
  let saved: SavedReconciliation?
  let signature: String
  var lastSaved: Milliseconds = 0
  /// Agreeing cells of the table that were picked as samples.
  var sampled: Set<Int> = []
  var sampleFailures: Int64 = 0
  /// How the table's times of arrival are to be read.
  var arrivalUnit = ArrivalUnit.right
  let usesKeptDigests: Bool
  /// Whose readings were not regenerated, because the run has kept what they add up to.
  var keptDevices: [Bool]
  /// Kept sums that are not those of the regenerated readings.
  var keptFailures: Int64 = 0
  var journal = VerdictJournal()
  /// Where rows bear the id of their message: the verdicts on readings of the device that is just being judged, and of its clones.
  var concluded: [ConcludedReading: Verdict] = [:]
  /// Shown every verdict when all are known.
  public var observer: (any JudgementObserver)?
  /// Called as work goes on.
  public var onStage: ((ReconciliationStage) -> Void)?
  /// Called for each exception, as it is found.
  public var onException: ((Exception) throws -> Void)?
  /// Asked often, on the thread that reconciles: whether to break off. `reconcile` then throws `ReconciliationInterrupted`.
  public var shouldStop: () -> Bool = { false }
  /// Called when the work is written down; makes sure that all exceptions so far are kept, and returns how many bytes they take.
  public var onSave: (() throws -> Int64)?
  /// Called before the first exception, with the bytes that those of an earlier process take: 0 for none.
  public var onBegin: ((Int64) throws -> Void)?
  /// Waits for wall-clock milliseconds; replaced in a virtual world.
  public var pause: (Milliseconds) -> Void = Reconciler.sleep
  /// The wall clock in milliseconds; replaced in a virtual world.
  public var wallClock: () -> Milliseconds = Reconciler.now

  /// - Parameter world: made from the run's resolved fleet file.
  public convenience init(world: World, ledger: LedgerReader, store: any RowStore, options: ReconciliationOptions) throws {
    try self.init(world: world, ledger: RunLedger(ledger), store: store, options: options, part: nil)
  }

  /// - Parameter shards: of a run whose fleet was played in parts.
  public convenience init(world: World, shards: RunLedger, store: any RowStore, options: ReconciliationOptions) throws {
    try self.init(world: world, ledger: shards, store: store, options: options, part: nil)
  }

  init(world: World, ledger: RunLedger, store: any RowStore, options: ReconciliationOptions, part: RunPart?) throws {
    self.part = part
    self.world = world
    tally = VerdictTally(world: world)
    workspace = world.workspace()
    self.ledger = ledger
    self.store = store
    facts = try RunFacts(ledger)
    signature = SavedReconciliation.signature(facts, world, options)
    saved = SavedReconciliation.load(options.workFolder, signature: signature)
    var options = options
    // Keys and samples are those that the work was begun with.
    if let saved { options.salt = saved.salt }
    self.options = options
    contract = Contract(world.fleet.pipeline)
    var clones: [Int: [Int]] = [:]
    var secondLink: [Int: Int] = [:]
    for (index, device) in world.devices.enumerated() {
      guard let twin = device.twin else { continue }
      if twin.kind == .clone { clones[twin.original, default: []].append(index) } else { secondLink[twin.original] = index }
    }
    self.clones = clones
    self.secondLink = secondLink
    sensors = ExpectedSensors(world: world, attributes: world.fleet.pipeline.store?.attributes ?? [])
    let kept = options.usesKeptDigests && part == nil ? try Self.keptForm(ledger, world, facts) : nil
    usesKeptDigests = kept != nil
    keptDevices = Array(repeating: false, count: world.devices.count)
    keys = DigestKeys(seed: kept?.salt ?? options.salt)
    digestTerms = DigestTerms(keys, world.fleet.pipeline.store)
    table = BucketTable(
      sensorCount: sensors.count,
      grid: kept?.grid ?? part?.grid
        ?? BucketGrid(covering: world.timestampRange, sensorCount: sensors.count, expectedReadings: world.expectedReadings))
    let folder = WorkFolder(path: options.workFolder)
    workspaceFolder = folder
    spill = RowSpill(
      partitionCount: max(1, min(256, world.devices.count)), memoryLimit: options.rowMemory, folder: { try folder.opened() })
    pairs = PendingPairs(limit: options.pairsInMemory, folder: { try folder.opened() })
    arrivedUntil = facts.wallEnd + Self.lateArrivals
  }

  /// Rows that no reading explains belong to the run only when they arrive before this long after its end, unless the first
  /// reconciliation has seen the store come to rest: later ones may be those of the fleet's next run in the same table.
  static let lateArrivals: Milliseconds = 600_000

  /// The stretch of the table that is looked at, in event time and in time of arrival.
  public var window: StoreWindow {
    StoreWindow(from: table.origin, to: table.end, arrivedFrom: facts.wallStart, arrivedUntil: arrivedUntil)
  }

  /// Ends what the store is being asked for, from any thread, so that `shouldStop` is heeded soon.
  public var interrupter: @Sendable () -> Void { store.interrupter }

  /// Judges every reading.
  public func reconcile() throws -> ReconciliationResult {
    if sensors.identity.isNone {
      try onBegin?(0)
      return try reconcileAnonymously()
    }
    do {
      try begin()
      try expect()
      if part == nil && restingRows == nil { try waitForStore(atLeast: least) }
      try senseArrivalUnit()
      try compareDigests()
      try gather()
      try judgeDevices()
      try settlePairs()
      try tellForeign()
    } catch let error where error is StoreError || error is ReconciliationInterrupted {
      // A statement that is broken off fails like one whose store is lost.
      try save()
      throw shouldStop() ? ReconciliationInterrupted() : error
    }
    workspaceFolder.discard()
    try showObserver()
    return try summarise()
  }

  /// Calls `body` for each reading that a device has measured, in order, with its fate. For a killed run also for those that it may have
  /// measured after the ledger's last durable point. A second link has measured nothing.
  func forEachReading(of device: Int, _ body: (Reading, Fate) throws -> Void) throws {
    guard !world.devices[device].isSecondLink, !world.profile(of: device).sensors.isEmpty else { return }
    var stream =
      part?.streams.stream(of: device, at: part?.measured.lowerBound ?? world.start) ?? world.stream(device: device, in: workspace)
    let shard = ledger.shard(ofDevice: device)
    let durable = facts.durable(shard: shard)
    let second = mutation == .forgetsSecondLinks ? nil : try secondLink[device].map { try ledger.deliveries(of: $0, from: stream.nextSeq) }
    var cursor = FateCursor(try ledger.deliveries(of: device, from: stream.nextSeq), second: second, durable: durable)
    let limit = facts.measured(of: device, shard: shard) ?? .max
    let end = min(world.start + world.fleet.duration, part?.measured.upperBound ?? .max)
    let wholeSeconds = world.fleet.pipeline.store.flatMap { $0.timestampUnit == .seconds ? $0 : nil }
    while stream.nextSeq < limit && stream.nextSampleTime < end {
      stream.sample()
      for sensor in 0..<stream.readingCount {
        var reading = stream.reading(sensor)
        guard reading.seq < limit else { break }
        if let store = wholeSeconds { reading.timestamp = store.stored(reading.timestamp) }
        let fate = cursor.fate(of: reading.seq, trueTime: reading.trueTime)
        guard let part else {
          try body(reading, fate)
          continue
        }
        if part.contains(reading) { try body(reading, part.settled(fate, trueTime: reading.trueTime)) }
      }
    }
  }
}
