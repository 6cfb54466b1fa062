import FleetSpec

/// Readings of one device with consecutive numbers and the same fate: one row of `deliveries`.
public struct DeliveryRun: Sendable, Equatable {
  public var device: Int32
  /// Counts the runs of a device, from 0, in the order in which they were opened.
  public var run: Int32
  public var firstSeq: Int64
  public var lastSeq: Int64
  /// 1 acknowledged, 2 unconfirmed, 3 discarded, 4 withheld.
  public var outcome: UInt8
  /// How often each of the readings was put on the wire.
  public var attempts: Int32
  /// Under how many event ids each of the readings was sent; 1 unless the application gave it a new one.
  public var ids: Int32
  /// The earliest first transmission, 0 when never sent.
  public var firstSent: Milliseconds
  /// The latest transmission, 0 when never sent.
  public var lastSent: Milliseconds
  /// The latest first acknowledgement, 0 when none came.
  public var acknowledgedAt: Milliseconds
  /// The smallest time from measurement to first transmission.
  public var delayMinimum: Milliseconds
  /// The largest time from measurement to first transmission.
  public var delayMaximum: Milliseconds

  public init(
    device: Int32, run: Int32, firstSeq: Int64, lastSeq: Int64, outcome: UInt8, attempts: Int32, firstSent: Milliseconds,
    lastSent: Milliseconds, acknowledgedAt: Milliseconds, delayMinimum: Milliseconds, delayMaximum: Milliseconds, ids: Int32 = 1
  ) {
    self.device = device
    self.run = run
    self.firstSeq = firstSeq
    self.lastSeq = lastSeq
    self.outcome = outcome
    self.attempts = attempts
    self.firstSent = firstSent
    self.lastSent = lastSent
    self.acknowledgedAt = acknowledgedAt
    self.delayMinimum = delayMinimum
    self.delayMaximum = delayMaximum
    self.ids = ids
  }

  /// Takes a run of one reading in at either end; false when it does not fit.
  ///
  /// Delays of a run stay within two seconds and an eighth of each other, so that lateness can be judged from the run's bounds.
  public mutating func extend(by other: DeliveryRun) -> Bool {
    guard outcome == other.outcome, attempts == other.attempts, ids == other.ids else { return false }
    guard other.firstSeq == lastSeq + 1 || other.lastSeq == firstSeq - 1 else { return false }
    let smallest = min(delayMinimum, other.delayMinimum)
    let largest = max(delayMaximum, other.delayMaximum)
    guard largest - smallest <= 2_000 + smallest / 8 else { return false }
    firstSeq = min(firstSeq, other.firstSeq)
    lastSeq = max(lastSeq, other.lastSeq)
    firstSent = min(firstSent, other.firstSent)
    lastSent = max(lastSent, other.lastSent)
    acknowledgedAt = max(acknowledgedAt, other.acknowledgedAt)
    delayMinimum = smallest
    delayMaximum = largest
    return true
  }
}

/// One row of `timeline`.
public struct TimelineEntry: Sendable, Equatable {
  public var device: Int32
  public var at: Milliseconds
  /// The raw value of a `DeviceEvent`.
  public var event: UInt8
  /// The reading that the event is about, or -1.
  public var seq: Int64
  public init(device: Int32, at: Milliseconds, event: UInt8, seq: Int64) {
    self.device = device
    self.at = at
    self.event = event
    self.seq = seq
  }
}

/// One row of `metrics`.
public struct MetricSample: Sendable, Equatable {
  public var at: Milliseconds
  public var name: String
  public var value: Int64
  public init(at: Milliseconds, name: String, value: Int64) {
    self.at = at
    self.name = name
    self.value = value
  }
}
