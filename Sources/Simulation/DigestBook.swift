import FleetSpec
import Ledger
import Store
import World

/// Sums up what the devices measure, by sensor and bucket of time, in the form in which the store can sum up what it holds. So a
/// reconciliation need not measure everything once more. Lives in the loop; never touches a disk.
///
/// A stretch of a device's readings is told when the next reading falls into another bucket. What a killed run has not told is measured once
/// more by the reconciliation.
public struct DigestBook {
  private struct Stretch {
    var firstSeq: Int64 = 0
    /// Below `firstSeq` when there is none.
    var lastSeq: Int64 = -1
    var bucket: Int32 = 0
    var version: UInt8 = 0
    var leftOut: Int32 = 0

    var isOpen: Bool { lastSeq >= firstSeq }
  }

  /// Beyond, memory counts for more than time.
  static let mostSensors = 1_000_000
  private static let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  public let form: DigestForm
  private let world: World
  private let store: StoreMapping
  private let terms: DigestTerms
  /// Where a device's sensors begin in `sums`.
  private var firstSensor: [Int32] = []
  private var sums: [DigestRun.Sum] = []
  private var open: [Stretch]
  private var closed: [DigestRun] = []

  /// Nil when there is no store to compare with, or one in which nobody's rows can be told apart, or the fleet has very many sensors.
  /// - Parameter salt: sets the keys; drawn anew for each run.
  public init?(world: World, salt: UInt64) {
    guard let store = world.fleet.pipeline.store, !store.identity.isNone, world.sensorCount <= Self.mostSensors else { return nil }
    self.world = world
    form = DigestForm(
      salt: salt,
      grid: BucketGrid(covering: world.timestampRange, sensorCount: world.sensorCount, expectedReadings: world.expectedReadings),
      terms: DigestForm.terms(of: store))
    self.store = store
    terms = DigestTerms(DigestKeys(seed: salt), store)
    var count = 0
    for device in world.devices.indices {
      firstSensor.append(Int32(count))
      // What goes out over a second link was measured already.
      if !world.devices[device].isSecondLink { count += world.profile(of: device).sensors.count }
    }
    sums = Array(repeating: DigestRun.Sum(), count: count)
    open = Array(repeating: Stretch(), count: world.devices.count)
  }

  /// Takes in a reading. Those of a device come in the order of their numbers.
  public mutating func add(_ reading: Reading, device: Int) {
    // What goes out over a second link was measured already, and has no place here.
    guard !world.devices[device].isSecondLink else { return }
    let bucket = form.grid.index(of: store.stored(reading.timestamp))
    let isCovered = bucket != nil && DigestBook.canVouch(for: reading)
    let place = bucket.map { Int32($0) } ?? open[device].bucket
    if open[device].isOpen && (open[device].bucket != place || open[device].version != reading.version) { close(device) }
    if !open[device].isOpen {
      open[device] = Stretch(firstSeq: reading.seq, lastSeq: reading.seq, bucket: place, version: reading.version)
    }
    open[device].lastSeq = reading.seq
    guard isCovered else {
      open[device].leftOut += 1
      return
    }
    let decimals = world.profile(of: device).decimals(of: reading)
    let terms = terms.terms(
      timestamp: reading.timestamp, value: Double(reading.value) / Self.powers[decimals], quality: Int(reading.quality.rawValue),
      boot: reading.boot, sequence: reading.sequence)
    let sensor = Int(firstSensor[device]) + Int(reading.sensor)
    sums[sensor].count += 1
    sums[sensor].first += terms.0
    sums[sensor].second += terms.1
  }

  /// Whether a reading's row is known from its sensor, timestamp, value and quality alone, and is in the store whatever the contract says.
  public static func canVouch(for reading: Reading) -> Bool {
    switch reading.malformation {
    case .none, .outOfRange: true
    default: false
    }
  }

  private mutating func close(_ device: Int) {
    let first = Int(firstSensor[device])
    let range = first..<(first + world.profile(of: device).sensors.count)
    let stretch = open[device]
    closed.append(
      DigestRun(
        device: Int32(device), firstSeq: stretch.firstSeq, lastSeq: stretch.lastSeq, bucket: stretch.bucket, version: stretch.version,
        leftOut: stretch.leftOut, sums: DigestRun.encode(sums[range])))
    for sensor in range { sums[sensor] = DigestRun.Sum() }
    open[device] = Stretch(bucket: stretch.bucket)
  }

  /// Closes the stretches that are still growing: nothing more will be measured.
  public mutating func closeAll() {
    for device in open.indices where open[device].isOpen { close(device) }
  }

  /// Moves every stretch that is complete into `batch`.
  public mutating func drain(into batch: inout LedgerBatch) {
    batch.digests.append(contentsOf: closed)
    closed.removeAll(keepingCapacity: true)
  }
}
