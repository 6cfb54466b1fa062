import FleetSpec
import Ledger

/// What the ledger knows of one reading.
public struct Fate: Sendable, Equatable {
  public enum Outcome: UInt8, Sendable {
    /// The run was killed before the ledger could tell: sent or not, acknowledged or not.
    case unknown = 0
    case acknowledged = 1
    case unconfirmed = 2
    case discarded = 3
    case withheld = 4
    /// The run was killed, and this reading lies after the ledger's last durable point: it may never have been measured.
    case beyond = 5
  }
  public var outcome: Outcome
  public var attempts: Int32
  /// The largest time from measurement to first transmission that the ledger's bounds allow.
  public var delayMaximum: Milliseconds
  /// From the first to the last transmission of the run of readings that this one is in; bounds the distance of repeats.
  public var sentSpan: Milliseconds

  public init(outcome: Outcome, attempts: Int32, delayMaximum: Milliseconds, sentSpan: Milliseconds) {
    self.outcome = outcome
    self.attempts = attempts
    self.delayMaximum = delayMaximum
    self.sentSpan = sentSpan
  }

  static let unknown = Fate(outcome: .unknown, attempts: 1, delayMaximum: .max, sentSpan: 0)

  static let beyond = Fate(outcome: .beyond, attempts: 1, delayMaximum: .max, sentSpan: 0)

  /// True when the reading may have reached the pipeline.
  public var mayHaveArrived: Bool { outcome != .discarded && outcome != .withheld }
}

/// Walks the deliveries of a device in step with its readings.
struct FateCursor {
  private let runs: [DeliveryRun]
  private var index = 0

  /// - Parameter runs: of one device, by `firstSeq`.
  init(_ runs: [DeliveryRun]) { self.runs = runs }

  /// The fate of a reading, or nil when the ledger does not know it; numbers must not go down between calls.
  mutating func fate(of seq: Int64) -> Fate? {
    while index < runs.count, runs[index].lastSeq < seq { index += 1 }
    guard index < runs.count, runs[index].firstSeq <= seq else { return nil }
    let run = runs[index]
    return Fate(
      outcome: Fate.Outcome(rawValue: run.outcome) ?? .unknown, attempts: run.attempts, delayMaximum: run.delayMaximum,
      sentSpan: run.lastSent - run.firstSent)
  }
}
