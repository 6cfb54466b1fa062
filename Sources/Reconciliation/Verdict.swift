/// What became of a reading. Every reading gets exactly one; `phantom` counts rows, not readings.
public enum Verdict: String, Sendable, CaseIterable, Codable {
  /// In the store as sent.
  case stored
  /// Acknowledged, and not in the store.
  case lost
  /// In the store more often than the contract allows.
  case duplicated
  /// In the store with a value or an attribute that was not sent.
  case corrupted
  /// In the store only under another timestamp.
  case misplaced
  /// A row that no device sent.
  case phantom
  /// Not in the store, and it arrived later than the contract asks the pipeline to accept.
  case droppedLate = "dropped_late"
  /// Never sent: the device had to let it go.
  case discarded
  /// Never sent: still in the device's buffer when the run ended.
  case withheld
  /// Sent without an acknowledgement, and not in the store.
  case unconfirmed
  /// Malformed on purpose, and not in the store.
  case rejected
  /// Malformed on purpose, and in the store although the contract says that it must not be.
  case acceptedMalformed = "accepted_malformed"
  /// Not in the store, because another reading has the same key.
  case collided
  /// Not in the store, which has not caught up yet.
  case pending

  /// Whether the contract permits it by itself; thresholds may say otherwise.
  public var isPermitted: Bool {
    switch self {
    case .stored, .droppedLate, .discarded, .withheld, .unconfirmed, .rejected: true
    case .lost, .duplicated, .corrupted, .misplaced, .phantom, .acceptedMalformed, .collided, .pending: false
    }
  }
}

/// How many readings (for `phantom`: rows) have each verdict.
public struct VerdictCounts: Sendable, Equatable {
  private var counts = [Int64](repeating: 0, count: Verdict.allCases.count)

  public init() {}

  private static func position(_ verdict: Verdict) -> Int {
    // `allCases` is in declaration order and holds every case.
    Verdict.allCases.firstIndex(of: verdict) ?? 0
  }

  public subscript(_ verdict: Verdict) -> Int64 {
    get { counts[Self.position(verdict)] }
    set { counts[Self.position(verdict)] = newValue }
  }

  /// Takes what was counted before for what is known now.
  mutating func replace(_ old: VerdictCounts, by new: VerdictCounts) {
    for index in counts.indices { counts[index] += new.counts[index] - old.counts[index] }
  }

  /// The readings judged: everything but phantoms.
  public var readings: Int64 { counts.reduce(0, +) - self[.phantom] }
}
