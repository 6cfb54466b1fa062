/// The machine-readable result of a reconciliation: what `verdicts.json` holds. Described in docs/verdicts.md.
public struct ReconciliationResult: Codable, Sendable, Equatable {
  /// Raised to `/2` when a field changes its meaning or goes away; new fields do not raise it.
  public static let schemaName = "heliograph.verdicts/1"

  public var schema = ReconciliationResult.schemaName
  public var runID: String
  public var seed: UInt64
  public var fleet: String
  /// Wall-clock instants in ISO 8601.
  public var startedAt: String
  public var endedAt: String
  /// `finished`, `interrupted`, `failed` or `killed`.
  public var runState: String
  public var readings: Int64
  /// PUBLISH packets that the firmware asked for; re-deliveries by the session come on top.
  public var messagesPublished: Int64
  /// Every verdict's name and count. All but `phantom` add up to `readings`.
  public var verdicts: [String: Int64]
  public var findings: [Finding]
  public var thresholds: [ThresholdResult]
  /// True when every threshold is met and the store had caught up.
  public var passed: Bool
  public var delivery: DeliverySummary
  public var work: WorkSummary

  enum CodingKeys: String, CodingKey {
    case schema
    case runID = "run_id"
    case seed, fleet
    case startedAt = "started_at"
    case endedAt = "ended_at"
    case runState = "run_state"
    case readings
    case messagesPublished = "messages_published"
    case verdicts, findings, thresholds, passed, delivery, work
  }

  /// The count of a verdict.
  public subscript(_ verdict: Verdict) -> Int64 { verdicts[verdict.rawValue] ?? 0 }
}

/// Something that the reconciliation has to say, with its evidence.
public struct Finding: Codable, Sendable, Equatable {
  public enum Severity: String, Codable, Sendable {
    /// The contract is broken.
    case broken
    /// Worth knowing, not the pipeline's fault.
    case note
  }
  public struct Example: Codable, Sendable, Equatable {
    public var deviceID: String
    public var seq: Int64
    public var sensorID: String
    /// Device clock, ISO 8601.
    public var timestamp: String
    public var detail: String
    enum CodingKeys: String, CodingKey {
      case deviceID = "device_id"
      case seq
      case sensorID = "sensor_id"
      case timestamp, detail
    }
  }
  public var severity: Severity
  /// The verdict that it is about, or another short name.
  public var subject: String
  public var title: String
  public var count: Int64
  public var evidence: [String]
  public var examples: [Example]
}

/// One threshold and how the run stands against it.
public struct ThresholdResult: Codable, Sendable, Equatable {
  public var verdict: String
  /// The most allowed, as a count of readings.
  public var limit: Int64
  public var actual: Int64
  public var met: Bool
}

/// What the devices went through; the pipeline had to cope with all of it.
public struct DeliverySummary: Codable, Sendable, Equatable {
  /// Readings sent again by the session after a reconnect.
  public var redelivered: Int64
  /// Readings sent again by the application.
  public var repeated: Int64
  /// Readings that were held back on purpose.
  public var heldBack: Int64
  /// Connections that broke or were cut.
  public var connectionsLost: Int64
  public var powerCuts: Int64
  public var networkOutages: Int64
  enum CodingKeys: String, CodingKey {
    case redelivered, repeated
    case heldBack = "held_back"
    case connectionsLost = "connections_lost"
    case powerCuts = "power_cuts"
    case networkOutages = "network_outages"
  }
}

/// What the reconciliation did to get to its verdicts.
public struct WorkSummary: Codable, Sendable, Equatable {
  /// Rows in the store within the run's time window.
  public var rowsInWindow: Int64 = 0
  /// Digest buckets, of one sensor and one stretch of time each.
  public var buckets: Int = 0
  public var differingBuckets: Int = 0
  /// Agreeing buckets that were checked row by row nevertheless.
  public var sampledBuckets: Int = 0
  public var rowsFetched: Int64 = 0
  /// Rows of devices that are not in this fleet.
  public var foreignRows: Int64 = 0
  /// Readings that were regenerated to know what to expect; the others' sums were kept by the run.
  public var regeneratedReadings: Int64 = 0
  /// Sums kept by the run that were compared with regenerated ones.
  public var checkedDigests: Int64 = 0

  public init() {}

  enum CodingKeys: String, CodingKey {
    case rowsInWindow = "rows_in_window"
    case buckets
    case differingBuckets = "differing_buckets"
    case sampledBuckets = "sampled_buckets"
    case rowsFetched = "rows_fetched"
    case foreignRows = "foreign_rows"
    case regeneratedReadings = "regenerated_readings"
    case checkedDigests = "checked_digests"
  }
}
