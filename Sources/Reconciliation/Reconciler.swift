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
  /// The most examples that a finding shows.
  public var examples = 3
  /// Sets the digest's keys and the sample.
  public var salt: UInt64
  public init(salt: UInt64) { self.salt = salt }
}

/// What a reconciliation is doing, for people who wait.
public enum ReconciliationStage: Sendable {
  /// The store's row count still changes.
  case waiting(rows: Int64, atLeast: Int64)
  case regenerating(device: Int, of: Int)
  case digesting
  case fetching(device: Int, of: Int)
}

/// One reading, or row, whose verdict is not plainly "stored".
public struct Exception: Sendable, Equatable {
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
  let ledger: LedgerReader
  let facts: RunFacts
  let store: any RowStore
  public var options: ReconciliationOptions
  private(set) var contract: Contract
  /// Breaks the reconciler on purpose; see `Mutation`.
  package var mutation: Mutation? { didSet { contract.mutation = mutation } }
  let sensors: ExpectedSensors
  let keys: DigestKeys
  /// The second link of a device, and the clones of one, by the original's number; both have numbers of their own.
  let secondLink: [Int: Int]
  let clones: [Int: [Int]]
  var table: BucketTable
  var counts = VerdictCounts()
  var work = WorkSummary(rowsInWindow: 0, buckets: 0, differingBuckets: 0, sampledBuckets: 0, rowsFetched: 0, foreignRows: 0)
  var strays: [Stray] = []
  var missing: [Missing] = []
  var missingItems: [MissingItem] = []
  /// How often readings were misplaced by the same amount.
  var shifts: [String: Int64] = [:]
  var exceptions = ExceptionList()
  /// Readings whose timestamp lies outside all buckets.
  var outliers = Outliers()
  /// Devices with readings that must not be in the store; these are told one by one even where the digest agrees.
  var devicesToTell: Set<Int> = []
  var foreignSensors: [String: Int64] = [:]
  var isDrained = true
  /// Wall-clock milliseconds.
  var arrivedUntil: Milliseconds = 0
  /// Agreeing cells of the table that were picked as samples.
  var sampled: Set<Int> = []
  var sampleFailures: Int64 = 0
  /// Called as work goes on.
  public var onStage: ((ReconciliationStage) -> Void)?
  /// Called for each exception, as it is found.
  public var onException: ((Exception) throws -> Void)?
  /// Waits for wall-clock milliseconds; replaced in a virtual world.
  public var pause: (Milliseconds) -> Void = Reconciler.sleep
  /// The wall clock in milliseconds; replaced in a virtual world.
  public var wallClock: () -> Milliseconds = Reconciler.now

  /// - Parameter world: made from the run's resolved fleet file.
  public init(world: World, ledger: LedgerReader, store: any RowStore, options: ReconciliationOptions) throws {
    self.world = world
    workspace = world.workspace()
    self.ledger = ledger
    self.store = store
    self.options = options
    facts = try RunFacts(ledger)
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
    keys = DigestKeys(seed: options.salt)
    let estimate = world.devices.indices.reduce(Int64(0)) { sum, device in
      // What goes over a second link was measured already.
      guard !world.devices[device].isSecondLink else { return sum }
      let profile = world.profile(of: device)
      let interval = profile.laterVersions.reduce(profile.interval) { min($0, $1.interval) }
      return sum + world.fleet.duration / max(1, interval) * Int64(profile.sensors.count)
    }
    let margin = ClockMargin(world.fleet, start: world.start)
    table = BucketTable(
      sensorCount: sensors.count, from: world.start - margin.before, to: world.start + world.fleet.duration + margin.after,
      expectedReadings: estimate)
    arrivedUntil = facts.wallEnd + Self.lateArrivals
  }

  /// Rows that no reading explains belong to the run only when they arrive before this long after its end, unless the first
  /// reconciliation has seen the store come to rest: later ones may be those of the fleet's next run in the same table.
  static let lateArrivals: Milliseconds = 600_000

  var window: StoreWindow {
    StoreWindow(from: table.origin, to: table.end, arrivedFrom: facts.wallStart, arrivedUntil: arrivedUntil)
  }

  /// Judges every reading.
  public func reconcile() throws -> ReconciliationResult {
    let least = try regenerate()
    let peculiarBuckets = table.marked
    try waitForStore(atLeast: least)
    onStage?(.digesting)
    try compareDigests()
    markSamples()
    work.buckets = sensors.count * table.bucketCount
    work.differingBuckets = table.disagreeing - work.sampledBuckets - peculiarBuckets
    try drillDown()
    try collectRowsOutside()
    try settleStrays()
    return try summarise()
  }

  /// Calls `body` for each reading that a device has measured, in order, with its fate. For a killed run also for those that it may have
  /// measured after the ledger's last durable point. A second link has measured nothing.
  func forEachReading(of device: Int, _ body: (Reading, Fate) throws -> Void) throws {
    guard !world.devices[device].isSecondLink, !world.profile(of: device).sensors.isEmpty else { return }
    var stream = world.stream(device: device, in: workspace)
    let durable = facts.measured == nil ? facts.durableUntil : .max
    let second = mutation == .forgetsSecondLinks ? nil : try secondLink[device].map { try ledger.deliveries(of: $0) }
    var cursor = FateCursor(try ledger.deliveries(of: device), second: second, durable: durable)
    let limit = facts.measured?[device] ?? .max
    var done: Int64 = 0
    while done < limit && stream.nextSampleTime < world.start + world.fleet.duration {
      stream.sample()
      for sensor in 0..<stream.readingCount where done < limit {
        let reading = stream.reading(sensor)
        try body(reading, cursor.fate(of: reading.seq, trueTime: reading.trueTime))
        done += 1
      }
    }
  }

  /// Fills the table with what should be there. Returns how many rows there must be at least.
  private func regenerate() throws -> Int64 {
    var least: Int64 = 0
    for device in world.devices.indices {
      if device % 64 == 0 { onStage?(.regenerating(device: device, of: world.devices.count)) }
      let first = sensors.firstOfDevice[device]
      try forEachReading(of: device) { reading, fate in
        // Expected or not, nobody can tell; its row, if there is one, makes its bucket disagree and is judged there.
        guard fate.outcome != .beyond else { return }
        let verdict = contract.verdictOnAgreement(reading, fate)
        counts[verdict] += 1
        if verdict != .stored { devicesToTell.insert(world.devices[device].twin?.original ?? device) }
        guard let bucket = table.bucketIndex(reading.timestamp) else {
          outliers.add(device: world.devices[device].twin?.original ?? device, timestamp: reading.timestamp)
          return
        }
        guard verdict == .stored else { return }
        let sensor = first + Int(reading.sensor)
        if sensors.isPeculiar(reading) { table.mark(sensor, bucket) }
        let value = Decimal.value(reading.value, decimals: sensors.decimals(of: reading, sensor: sensor))
        let terms = keys.terms(
          timestampMicroseconds: reading.timestamp * 1_000, value: value, quality: qualityCode(reading.quality))
        table.add(sensor, bucket, terms.0, terms.1, variant: sensors.variant(of: reading, sensor: sensor))
        if fate.outcome == .acknowledged { least += 1 }
      }
    }
    return least
  }

  func qualityCode(_ quality: Quality) -> Int { sensors.qualityPosition == nil ? 1 : Int(quality.rawValue) }

  private func compareDigests() throws {
    try store.digests(in: window, bucket: table.bucket, keys: keys) { digest in
      work.rowsInWindow += digest.count
      guard let sensor = sensors.number(of: digest.sensorID) else {
        foreignSensors[digest.sensorID, default: 0] += digest.count
        return
      }
      guard digest.bucket >= 0 && digest.bucket < table.bucketCount else { return }
      let isBlind = mutation == .blindDigests && digest.count == Int64(table[sensor, digest.bucket].count)
      let cell = table[sensor, digest.bucket]
      table.subtract(
        sensor, digest.bucket, count: digest.count, first: isBlind ? cell.first : digest.first,
        second: isBlind ? cell.second : digest.second)
      if mutation != .ignoresAttributes && !sensors.constantsAgree(digest.constants, sensor: sensor, variant: table[sensor, digest.bucket].variant) {
        table.mark(sensor, digest.bucket)
      }
    }
  }

  /// Picks agreeing buckets, other ones with each salt, so that the digest is not taken on trust.
  private func markSamples() {
    let random = RandomStream(seed: options.salt, device: 0, stream: 131_072)
    for index in 0..<UInt64(options.samples) {
      let sensor = Int(random.uniform(index * 2) * Double(sensors.count))
      let bucket = Int(random.uniform(index * 2 + 1) * Double(table.bucketCount))
      guard table[sensor, bucket].agrees else { continue }
      table.mark(sensor, bucket)
      sampled.insert(sensor * table.bucketCount + bucket)
    }
    work.sampledBuckets = sampled.count
  }
}
