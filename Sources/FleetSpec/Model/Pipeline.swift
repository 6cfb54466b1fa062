/// The contract of the pipeline under test: what it promised decides whether a missing row is a loss.
public struct Pipeline: Sendable, Equatable {
  public enum Delivery: String, Sendable, CaseIterable {
    case atMostOnce = "at-most-once"
    case atLeastOnce = "at-least-once"
    case exactlyOnce = "exactly-once"
  }
  public enum MalformedPolicy: String, Sendable, CaseIterable {
    case reject
    case store
  }
  public var delivery: Delivery
  /// Nil when the pipeline does not promise to remove repeats.
  public var deduplication: Deduplication?
  /// Readings that arrive later than this after their timestamp may be dropped; nil means that none may.
  public var allowedLateness: Milliseconds?
  /// Readings stamped further ahead of arrival than this may be dropped; nil means that none may.
  public var futureTolerance: Milliseconds?
  public var malformed: MalformedPolicy
  /// A store whose rows have not changed for this long has caught up.
  public var settling: Milliseconds
  /// Nil in a fleet that is only traced or planned.
  public var store: StoreMapping?
}

/// A promise to store each reading once although it is sent more often.
public struct Deduplication: Sendable, Equatable {
  /// The fields that make two messages the same: `sensor_id`, `timestamp` or `event_id`.
  public var keys: [String]
  /// How long a key is remembered; nil means for ever.
  public var window: Milliseconds?
}

/// Where a secret is found when it is needed; the secret itself never stands in a fleet file.
public enum SecretReference: Sendable, Equatable {
  case environment(String)
  case file(String)
}

/// The most that a run may show of one verdict.
public struct Threshold: Sendable, Equatable {
  public enum Limit: Sendable, Equatable {
    case count(Int)
    /// 0...1 of all readings.
    case share(Double)
  }
  /// The verdict's name as in `verdicts.json`.
  public var verdict: String
  public var limit: Limit
}
