/// Interruptions: a renewal process of gaps and lengths, and those that the author has put at fixed times.
public struct Outages: Sendable, Equatable {
  /// How gaps or lengths are distributed.
  public enum Distribution: String, Sendable, CaseIterable {
    case exponential
    case weibull
    case logNormal = "log-normal"
    case fixed
  }
  /// Mean time from the end of one outage to the start of the next; 0 means none.
  public var every: Milliseconds
  /// Median length of an outage when lengths are log-normal, otherwise the mean.
  public var length: Milliseconds
  /// Standard deviation of the logarithm of the length when lengths are log-normal; 0 makes every outage equally long.
  public var spread: Double
  public var spacing = Distribution.exponential
  /// Shape of a Weibull distribution of gaps, or standard deviation of the logarithm of log-normal ones.
  public var spacingShape = 1.0
  public var lengths = Distribution.logNormal
  /// Shape of a Weibull distribution of lengths.
  public var lengthShape = 1.0
  /// Those at fixed times.
  public var schedule: [ScheduledOutage] = []

  public init(every: Milliseconds, length: Milliseconds, spread: Double) {
    self.every = every
    self.length = length
    self.spread = spread
  }

  /// Whether there can be any.
  public var isPossible: Bool { every > 0 && length > 0 || !schedule.isEmpty }
  /// No outages at all.
  public static let none = Outages(every: 0, length: 0, spread: 0)
}

/// An interruption at a fixed time.
public struct ScheduledOutage: Sendable, Equatable {
  public enum Beginning: Sendable, Equatable {
    /// Milliseconds after the start of the run.
    case after(Milliseconds)
    /// An instant.
    case at(Milliseconds)

    /// - Parameter start: of the run, ms since 1970.
    public func time(start: Milliseconds) -> Milliseconds {
      switch self {
      case .after(let elapsed): start + elapsed
      case .at(let instant): instant
      }
    }
  }
  public var beginning: Beginning
  public var length: Milliseconds

  public init(beginning: Beginning, length: Milliseconds) {
    self.beginning = beginning
    self.length = length
  }
}

/// Episodes in which something goes down and comes up again and again.
public struct Flapping: Sendable, Equatable {
  public var episodes: Outages
  public var up: Milliseconds
  public var down: Milliseconds
}
