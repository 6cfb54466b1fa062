/// When the firmware sends what it has gathered, instead of each reading at once.
///
/// Data loggers of inverters log every 5 minutes and upload every 15 or 60 minutes or once a day, after a random delay of up to 10 minutes
/// (manuals of KOSTAL and SMA).
public struct UploadSchedule: Sendable, Equatable {
  /// Time between two uploads, counted from midnight of the local day when it is a whole number of days, else from 1970.
  public var every: Milliseconds
  /// Local time of day, when `every` is a whole number of days.
  public var at: Milliseconds
  /// The random delay of each upload, drawn uniformly.
  public var delay: DurationRange
  /// Whether the device has no connection between two uploads.
  public var disconnects: Bool

  public init(every: Milliseconds, at: Milliseconds, delay: DurationRange, disconnects: Bool) {
    self.every = every
    self.at = at
    self.delay = delay
    self.disconnects = disconnects
  }
}

/// What the value of a reading counts from. The raw value is its spelling in a profile.
public enum ValueEncoding: String, Sendable, CaseIterable {
  /// From 0.
  case absolute
  /// From the device's reading of the same sensor before it, and from 0 in the first one after a boot (OpenTelemetry's metrics data model calls
  /// it delta temporality; RFC 8428 has a base value instead).
  case delta
}

/// Which of the measured values become readings: report by exception, as OPC UA and SunSpec loggers have it.
public struct ReportingPolicy: Sendable, Equatable {
  public enum Mode: String, Sendable, CaseIterable {
    /// Every value of every sample.
    case all
    /// Values that differ from the one reported last.
    case onChange = "on-change"
    /// Values that differ from the one reported last by more than the deadband.
    case deadband
  }
  public var mode: Mode
  /// Share of the sensor's range, 0...1, for sensors without a deadband of their own (OPC UA Part 8: PercentDeadband).
  public var deadband: Double
  /// A sensor reports at least this often; 0 means that it may be silent for ever.
  public var heartbeat: Milliseconds

  public static let all = ReportingPolicy(mode: .all, deadband: 0, heartbeat: 0)
}

/// How long a message takes from the firmware's publish to the wire: log-normally distributed, order kept.
public struct LinkLatency: Sendable, Equatable {
  public var median: Milliseconds
  /// Standard deviation of the logarithm; 0 makes all equal.
  public var spread: Double
}

/// A device certificate that runs out during the run.
public struct CertificateExpiry: Sendable, Equatable {
  public enum Moment: Sendable, Equatable {
    /// This long after the start of the run.
    case after(Milliseconds)
    /// At an instant, ms since 1970.
    case at(Milliseconds)
  }
  public var expires: Moment
  /// From expiry to renewal, drawn uniformly for each device; nil means never.
  public var renewedAfter: DurationRange?
}

/// Links that look open and are not, or not in both directions.
public struct LinkFaults: Sendable, Equatable {
  /// Nothing gets out or in, although the socket is open.
  public var dead = Outages.none
  /// Messages arrive, and their acknowledgements do not come back.
  public var acknowledgementsLost = Outages.none

  public static let none = LinkFaults()
}
