import FleetSpec

/// Gathers single deliveries into runs, and hands what is new since the last time to the writer. Lives in the loop; never touches a disk.
public struct DeliveryBook {
  private var open: [DeliveryRun]
  private var nextRun: [Int32]
  private var isDirty: [Bool]
  private var dirty: [Int32] = []
  private var closed: [DeliveryRun] = []
  private var timeline: [TimelineEntry] = []

  /// - Parameter deviceCount: devices are numbered from 0.
  public init(deviceCount: Int) {
    let none = DeliveryRun(
      device: -1, run: 0, firstSeq: 0, lastSeq: 0, outcome: 0, attempts: 0, firstSent: 0, lastSent: 0, acknowledgedAt: 0,
      delayMinimum: 0, delayMaximum: 0)
    open = [DeliveryRun](repeating: none, count: deviceCount)
    nextRun = [Int32](repeating: 0, count: deviceCount)
    isDirty = [Bool](repeating: false, count: deviceCount)
  }

  /// Takes in the delivery of one reading, `run` not yet numbered.
  public mutating func add(_ single: DeliveryRun) {
    let device = Int(single.device)
    markDirty(device)
    if open[device].device >= 0 {
      if open[device].extend(by: single) { return }
      closed.append(open[device])
    }
    open[device] = single
    open[device].run = nextRun[device]
    nextRun[device] += 1
  }

  public mutating func add(_ entry: TimelineEntry) { timeline.append(entry) }

  private mutating func markDirty(_ device: Int) {
    guard !isDirty[device] else { return }
    isDirty[device] = true
    dirty.append(Int32(device))
  }

  /// Moves everything that is new into `batch`: closed runs, the present state of open ones, and the timeline.
  public mutating func drain(into batch: inout LedgerBatch) {
    batch.runs.append(contentsOf: closed)
    for device in dirty {
      batch.runs.append(open[Int(device)])
      isDirty[Int(device)] = false
    }
    batch.timeline.append(contentsOf: timeline)
    closed.removeAll(keepingCapacity: true)
    dirty.removeAll(keepingCapacity: true)
    timeline.removeAll(keepingCapacity: true)
  }
}

/// What is written in one transaction. Everything up to `durable` is in it or in an earlier one.
public struct LedgerBatch: Sendable {
  public var runs: [DeliveryRun] = []
  public var timeline: [TimelineEntry] = []
  public var digests: [DigestRun] = []
  public var metrics: [MetricSample] = []
  /// Rows of `run` to set.
  public var facts: [(key: String, value: String)] = []
  /// Rows of `devices` to set: device and number of readings measured.
  public var measured: [(device: Int32, count: Int64)] = []
  /// Rows of `histograms` to set.
  public var histograms: [(name: String, upperBound: Int64, count: Int64)] = []
  /// The simulated instant up to which the batch tells everything, or 0 for no statement.
  public var durable: Milliseconds = 0
  public init() {}
}
