import FleetSpec
import World

/// When and how often a request is sent again that the server could not take.
public struct RetryPolicy: Sendable, Equatable {
  /// The most that a request is sent before the device gives the connection up and begins anew with its own back-off; 1 or more.
  public var attempts: Int
  /// The ceiling of the first wait, ms; it doubles with each attempt.
  public var backoffBase: Milliseconds
  /// The highest ceiling, ms.
  public var backoffMaximum: Milliseconds
  /// Statuses after which a request is worth another attempt.
  public var statuses: [Int]

  public init(attempts: Int, backoffBase: Milliseconds, backoffMaximum: Milliseconds, statuses: [Int]) {
    self.attempts = attempts
    self.backoffBase = backoffBase
    self.backoffMaximum = backoffMaximum
    self.statuses = statuses
  }

  /// How long to wait: full jitter, as the firmware has it, but never less than the server asked for.
  ///
  /// - Parameters:
  ///   - failures: attempts that have failed, 1 or more.
  ///   - draw: uniform in [0, 1).
  ///   - retryAfter: what the server asked for, ms; 0 for nothing.
  public func wait(failures: Int, draw: Double, retryAfter: Milliseconds) -> Milliseconds {
    let ceiling = min(backoffMaximum, backoffBase << Int64(min(max(failures, 1) - 1, 20)))
    let own = Milliseconds(Double(ceiling) * draw)
    // Those who were told the same moment must not come back all at once.
    return retryAfter > 0 ? retryAfter + min(own, backoffBase) : own
  }
}
