import FleetSpec
import World

/// Sees every verdict of a reconciliation, so that what the pipeline did can be inferred from them. Called on the thread that reconciles,
/// after all verdicts are known: `begin`, then every phantom, then every reading device by device in the order of their numbers.
public protocol JudgementObserver: AnyObject {
  /// - Returns: whether the observer wants to see the readings. Regenerating them costs as much as expecting them did.
  func begin(_ run: ObservedRun) -> Bool
  func observe(_ phantom: PhantomRow)
  func observe(_ reading: JudgedReading)
}

/// A reading, what became of it, and what the store holds of it.
public struct JudgedReading: Sendable {
  /// Who measured it; index in `World.devices`.
  public var device: Int
  public var reading: Reading
  /// As it was sent.
  public var value: Double
  public var fate: Fate
  public var verdict: Verdict
  /// Nil when there is no row, and when the rows were not looked at because their bucket agrees.
  public var rows: FoundRows?

  public init(device: Int, reading: Reading, value: Double, fate: Fate, verdict: Verdict, rows: FoundRows? = nil) {
    self.device = device
    self.reading = reading
    self.value = value
    self.fate = fate
    self.verdict = verdict
    self.rows = rows
  }
}

/// The rows that were found for a reading.
public struct FoundRows: Sendable, Equatable, Codable {
  public var count: Int
  /// Of the row that decided the verdict, in microseconds since 1970.
  public var timestampMicroseconds: Int64
  /// Of the row that decided the verdict; nil for NULL.
  public var value: Double?
  /// The first column that differs from what was sent; nil when none does.
  public var column: String?
  /// The earliest and the latest arrival in microseconds since 1970, where the table tells.
  public var firstArrival: Int64?
  public var lastArrival: Int64?

  public init(
    count: Int, timestampMicroseconds: Int64, value: Double?, column: String? = nil, firstArrival: Int64? = nil, lastArrival: Int64? = nil
  ) {
    self.count = count
    self.timestampMicroseconds = timestampMicroseconds
    self.value = value
    self.column = column
    self.firstArrival = firstArrival
    self.lastArrival = lastArrival
  }
}

/// A row that no device sent.
public struct PhantomRow: Sendable, Equatable, Codable {
  public var deviceID: String
  public var sensorID: String
  public var timestampMicroseconds: Int64
  public var value: Double?
  public init(deviceID: String, sensorID: String, timestampMicroseconds: Int64, value: Double?) {
    self.deviceID = deviceID
    self.sensorID = sensorID
    self.timestampMicroseconds = timestampMicroseconds
    self.value = value
  }
}

/// When a row arrived that is otherwise as it was sent.
public struct ObservedArrival: Sendable, Equatable, Codable {
  /// When its reading was measured, true time.
  public var measuredAt: Milliseconds
  /// As the table has it, microseconds since 1970.
  public var arrivedAtMicroseconds: Int64
  public init(measuredAt: Milliseconds, arrivedAtMicroseconds: Int64) {
    self.measuredAt = measuredAt
    self.arrivedAtMicroseconds = arrivedAtMicroseconds
  }
}

/// Something that happened to devices within one second.
public struct RunEvent: Sendable, Equatable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    case connected = 1
    case connectionLost = 2
    case powerLost = 3
    case networkLost = 5
    case networkReturned = 6
    case acknowledgementTimedOut = 11
  }
  public var kind: Kind
  /// The second in which it happened, simulated milliseconds.
  public var at: Milliseconds
  /// How often.
  public var count: Int64
  public init(kind: Kind, at: Milliseconds, count: Int64) {
    self.kind = kind
    self.at = at
    self.count = count
  }
}

/// What an observer has to know of the run.
public struct ObservedRun: Sendable {
  public var world: World
  public var counts: VerdictCounts
  /// Wall-clock milliseconds between which the run's rows arrived.
  public var arrivals: ClosedRange<Milliseconds>
  /// Ordered by time, then kind.
  public var events: [RunEvent]
  /// A few arrivals of rows that were looked at.
  public var observedArrivals: [ObservedArrival]
  /// Acknowledged readings that were sent again later than the contract asks the pipeline to know them.
  public var lateRepeats: Int64 = 0
  /// How many devices' readings are shown. Fewer than the fleet's when there are too many exceptions to remember all; then the devices are
  /// a random sample.
  public var devicesShown: Int
  /// How many of the fleet's devices measure.
  public var devices: Int

  public init(
    world: World, counts: VerdictCounts, arrivals: ClosedRange<Milliseconds>, events: [RunEvent] = [],
    observedArrivals: [ObservedArrival] = [], devicesShown: Int, devices: Int
  ) {
    self.world = world
    self.counts = counts
    self.arrivals = arrivals
    self.events = events
    self.observedArrivals = observedArrivals
    self.devicesShown = devicesShown
    self.devices = devices
  }
}
