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
  /// How often it was put on the wire, over all links.
  public var attempts: Int32
  /// Under how many event ids.
  public var ids: Int32
  /// The largest time from measurement to first transmission that the ledger's bounds allow; of the link that was fastest among those
  /// on which it was acknowledged.
  public var delayMaximum: Milliseconds
  /// From the first to the last transmission; bounds the distance of repeats.
  public var sentSpan: Milliseconds
  /// True when it may have been sent more often than is told, because the run was killed.
  public var mayHaveBeenSentMore: Bool
  /// When it was sent, as closely as the ledger tells; nil when it was not, or over two links.
  public var transmission: Transmission?

  /// Bounds on the instants at which a reading was put on the wire, simulated milliseconds.
  public struct Transmission: Sendable, Equatable {
    /// The first transmission was not before.
    public var earliest: Milliseconds
    /// The first transmission was not after.
    public var latest: Milliseconds
    /// The last transmission was not after.
    public var last: Milliseconds
    /// Whether the ledger's row speaks of this reading alone, so that all of these are exact.
    public var isExact: Bool

    public init(earliest: Milliseconds, latest: Milliseconds, last: Milliseconds, isExact: Bool) {
      self.earliest = earliest
      self.latest = latest
      self.last = last
      self.isExact = isExact
    }

    init?(_ run: DeliveryRun, trueTime: Milliseconds) {
      guard run.attempts > 0 else { return nil }
      // All that a row speaks of was sent for the first time between its bounds, and after its bounds of delay.
      earliest = max(run.firstSent, trueTime + run.delayMinimum)
      latest = max(earliest, min(run.lastSent, trueTime + run.delayMaximum))
      last = max(run.lastSent, latest)
      isExact = run.firstSeq == run.lastSeq
    }
  }

  public init(outcome: Outcome, attempts: Int32, delayMaximum: Milliseconds, sentSpan: Milliseconds, ids: Int32 = 1) {
    self.outcome = outcome
    self.attempts = attempts
    self.delayMaximum = delayMaximum
    self.sentSpan = sentSpan
    self.ids = ids
    mayHaveBeenSentMore = outcome == .unknown || outcome == .beyond
  }

  static let unknown = Fate(outcome: .unknown, attempts: 1, delayMaximum: .max, sentSpan: 0)

  static let beyond = Fate(outcome: .beyond, attempts: 1, delayMaximum: .max, sentSpan: 0)

  /// True when the reading may have reached the pipeline.
  public var mayHaveArrived: Bool { outcome != .discarded && outcome != .withheld }
}

/// Walks the deliveries of a device in step with its readings, those over its second link together with those over its first.
struct FateCursor {
  private let first: [DeliveryRun]
  private let second: [DeliveryRun]?
  /// Up to this instant the ledger tells everything; `.max` for a run that was not killed.
  private let durable: Milliseconds
  private var firstIndex = 0
  private var secondIndex = 0

  /// - Parameters:
  ///   - first: of one device, by `firstSeq`.
  ///   - second: of its second link, or nil when it has none.
  init(_ first: [DeliveryRun], second: [DeliveryRun]? = nil, durable: Milliseconds) {
    self.first = first
    self.second = second
    self.durable = durable
  }

  /// The fate of a reading; numbers must not go down between calls.
  mutating func fate(of seq: Int64, trueTime: Milliseconds) -> Fate {
    let own = Self.run(of: seq, in: first, at: &firstIndex)
    guard let second else {
      return own.map { Self.fate($0, trueTime) } ?? (trueTime <= durable ? .unknown : .beyond)
    }
    let other = Self.run(of: seq, in: second, at: &secondIndex)
    guard let own, let other else {
      guard let told = own ?? other else { return trueTime <= durable ? .unknown : .beyond }
      var fate = Self.fate(told, trueTime)
      // What the other link did is not known, so nothing but an acknowledgement is proven.
      if fate.outcome != .acknowledged { return .unknown }
      fate.mayHaveBeenSentMore = true
      return fate
    }
    return Self.combine(own, other, trueTime)
  }

  private static func run(of seq: Int64, in runs: [DeliveryRun], at index: inout Int) -> DeliveryRun? {
    while index < runs.count, runs[index].lastSeq < seq { index += 1 }
    return index < runs.count && runs[index].firstSeq <= seq ? runs[index] : nil
  }

  private static func fate(_ run: DeliveryRun, _ trueTime: Milliseconds) -> Fate {
    var fate = Fate(
      outcome: Fate.Outcome(rawValue: run.outcome) ?? .unknown, attempts: run.attempts, delayMaximum: run.delayMaximum,
      sentSpan: run.lastSent - run.firstSent, ids: run.ids)
    fate.transmission = Fate.Transmission(run, trueTime: trueTime)
    return fate
  }

  /// One fate of the two that a reading had: outcomes are numbered from the surest arrival on, but for what is still on the device.
  private static func combine(_ own: DeliveryRun, _ other: DeliveryRun, _ trueTime: Milliseconds) -> Fate {
    let sent = [own, other].filter { $0.attempts > 0 }
    guard let first = sent.first, let last = sent.last else {
      return own.outcome == Fate.Outcome.withheld.rawValue ? fate(own, trueTime) : fate(other, trueTime)
    }
    guard sent.count == 2 else { return fate(first, trueTime) }
    let acknowledged = sent.filter { $0.outcome == Fate.Outcome.acknowledged.rawValue }
    let earliest = trueTime + min(first.delayMinimum, last.delayMinimum)
    let latest = sent.map { $0.attempts == 1 ? trueTime + $0.delayMaximum : $0.lastSent }.max() ?? earliest
    return Fate(
      outcome: acknowledged.isEmpty ? .unconfirmed : .acknowledged, attempts: own.attempts + other.attempts,
      delayMaximum: (acknowledged.isEmpty ? sent : acknowledged).map(\.delayMaximum).min() ?? 0, sentSpan: max(0, latest - earliest),
      ids: max(own.ids, other.ids))
  }
}
