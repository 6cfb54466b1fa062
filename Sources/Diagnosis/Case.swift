import FleetSpec
import Reconciliation
import World

/// A judged reading with what detectors ask of it.
struct Case {
  var device: Int32
  /// Index in the profile's sensors.
  var sensor: Int32
  var seq: Int64
  /// Device clock.
  var timestamp: Milliseconds
  var trueTime: Milliseconds
  /// As it was sent.
  var value: Double
  var verdict: Verdict
  var attempts: Int32
  /// Bounds on the first transmission, simulated milliseconds.
  var sentEarliest: Milliseconds
  var sentLatest: Milliseconds
  /// The longest time that may lie between its first and its last transmission.
  var repeatSpan: Milliseconds
  /// Whether the times of transmission are exact.
  var isExact: Bool
  var malformation: Malformation
  var quality: Quality
  var version: UInt8
  var rows: FoundRows?
  /// The reading of the same sensor that the pipeline let through last before it; `lastValue` is NaN when there is none.
  var lastValue = Double.nan
  var lastTimestamp: Milliseconds = 0
  /// The highest value of the same sensor that was stored as sent before it; NaN when there is none.
  var highest = Double.nan
  /// The same of all that arrived, whatever became of them.
  var highestArrived = Double.nan
  var traits: Traits = []
  /// The least relative difference from readings of the same sensor that were let through about when it was sent, in which order nobody
  /// knows; infinite without any.
  var nearestChange = Double.infinity
  /// How many readings this one stands for.
  var weight = 1.0

  struct Traits: OptionSet {
    let rawValue: UInt8
    /// Another reading of the device with the same timestamp is stored as it was sent.
    static let sameDeviceAndTime = Traits(rawValue: 1)
    /// Another reading of the device with the same timestamp is stored in some way.
    static let sameDeviceAndTimeInAnyWay = Traits(rawValue: 32)
    /// Another reading of the device with the same timestamp arrived, whatever became of it.
    static let sharesSample = Traits(rawValue: 64)
    /// Another reading of the device bore the same number before.
    static let sameNumber = Traits(rawValue: 2)
    /// It belongs to a counter.
    static let isCounter = Traits(rawValue: 4)
    /// It lies in the same second as the sensor's last one that was let through.
    static let sameSecond = Traits(rawValue: 8)
    /// The sensor never shows anything else than whole numbers.
    static let isWhole = Traits(rawValue: 16)
  }

  init(_ judged: JudgedReading) {
    let reading = judged.reading
    device = Int32(judged.device)
    sensor = reading.sensor
    seq = reading.seq
    timestamp = reading.timestamp
    trueTime = reading.trueTime
    value = judged.value
    verdict = judged.verdict
    attempts = judged.fate.attempts
    if let sent = judged.fate.transmission {
      sentEarliest = sent.earliest
      sentLatest = sent.latest
      repeatSpan = attempts > 1 ? max(0, sent.last - sent.earliest) : 0
      isExact = sent.isExact
    } else {
      sentEarliest = reading.trueTime
      sentLatest = judged.fate.delayMaximum == .max ? reading.trueTime : reading.trueTime + judged.fate.delayMaximum
      repeatSpan = attempts > 1 ? judged.fate.sentSpan : 0
      isExact = false
    }
    malformation = reading.malformation
    quality = reading.quality
    version = reading.version
    rows = judged.rows
  }

  /// By how much `sent` may be wrong.
  var sentMargin: Milliseconds { (sentLatest - sentEarliest + 1) / 2 }
  /// The middle of what is known of the first transmission.
  var sent: Milliseconds { sentEarliest + (sentLatest - sentEarliest) / 2 }
  /// From the device's timestamp to the first transmission; negative for what is stamped ahead.
  var lateness: Milliseconds { sent - timestamp }
  /// The relative difference from the last value that was let through: 0 for an equal one, infinite after a zero or without a last one.
  var relativeChange: Double {
    change(from: lastValue)
  }

  func change(from other: Double) -> Double {
    if value == other { return 0 }
    guard other != 0, other.isFinite else { return .infinity }
    return abs(value - other) / abs(other)
  }
  var sinceLast: Milliseconds { lastValue.isNaN ? .max : abs(timestamp - lastTimestamp) }

  /// Whether the pipeline is known to have had it, and what became of it says something about the pipeline.
  var hasArrived: Bool {
    switch verdict {
    case .stored, .lost, .duplicated, .corrupted, .misplaced, .droppedLate, .acceptedMalformed, .collided: true
    case .phantom, .discarded, .withheld, .unconfirmed, .rejected, .pending: false
    }
  }

  /// Whether it is missing from the store, as far as filters are concerned.
  var isDropped: Bool { verdict == .lost || verdict == .droppedLate }

  /// Whether it is in the store in some way: it came past all that loses readings. What has the key of another one did not.
  var isIn: Bool { hasArrived && !isDropped && verdict != .collided }

  /// Whether it is in the store as it was sent, once or more often.
  var isWhole: Bool { verdict == .stored || verdict == .duplicated }

  /// The same with its rows' arrivals in microseconds, whatever they were stored in.
  func corrected(_ unit: ArrivalUnit) -> Case {
    var item = self
    if let first = rows?.firstArrival { item.rows?.firstArrival = unit.corrected(first) }
    if let last = rows?.lastArrival { item.rows?.lastArrival = unit.corrected(last) }
    return item
  }

  /// Well mixed bits that depend on the reading alone.
  var hash: UInt64 {
    RandomStream.finalise((UInt64(UInt32(bitPattern: device)) << 40) &+ UInt64(bitPattern: seq) &+ 0x9e37_79b9_7f4a_7c15)
  }
}
