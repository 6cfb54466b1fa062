import FleetSpec
import Glibc

/// How simulated time passes.
public enum Speed: Sendable, Equatable {
  /// One simulated second takes one second.
  case real
  /// A simulated second takes 1/x of a second; x > 0.
  case times(Double)
  /// Time jumps to the next event whenever the network has nothing in flight.
  case maximum

  /// Simulated seconds in a second while time does not jump.
  public var factor: Double {
    if case .times(let times) = self { times } else { 1 }
  }
}

/// Maps the monotonic clock to simulated time.
public struct SimulatedClock {
  private let origin: Int64
  private let factor: Double
  private var skipped: Milliseconds = 0
  private let start: Milliseconds
  private let isMaximum: Bool

  public init(start: Milliseconds, speed: Speed) {
    self.start = start
    origin = Self.monotonicMicroseconds()
    factor = speed.factor
    isMaximum = speed == .maximum
  }

  /// Microseconds since an unspecified point; never goes back.
  public static func monotonicMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  /// Milliseconds since 1970 by the machine's clock.
  public static func wallMilliseconds() -> Milliseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// The simulated instant at a monotonic instant.
  public func time(at monotonic: Int64) -> Milliseconds {
    start + skipped + Milliseconds(Double(monotonic - origin) / 1_000 * factor)
  }

  /// Wall-clock milliseconds from `now` until a simulated instant, at least 0.
  public func wallMilliseconds(from now: Milliseconds, until time: Milliseconds) -> Int64 {
    guard time > now else { return 0 }
    let wait = Double(time - now) / factor
    return wait > 1e9 ? 1_000_000_000 : Int64(wait.rounded(.up))
  }

  /// Simulated lateness in wall-clock microseconds.
  public func wallMicroseconds(of lateness: Milliseconds) -> Int64 { Int64(Double(lateness) * 1_000 / factor) }

  /// At maximum speed: jumps ahead. Does nothing at other speeds.
  public mutating func skip(from now: Milliseconds, to time: Milliseconds) {
    if isMaximum && time > now && time != .max { skipped += time - now }
  }
}
