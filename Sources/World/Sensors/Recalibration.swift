import FleetSpec

/// Visits that take away what a sensor has drifted since the last one: every n months, as IEC 61724-1 asks for pyranometers of class A
/// every one to two years. The first falls on a drawn instant within the interval.
struct Recalibration: Sendable {
  let interval: Milliseconds

  /// How many visits there were until an instant, relative to the start of the run.
  func count(elapsed: Milliseconds, _ draws: RandomStream) -> Int64 {
    guard interval > 0 else { return 0 }
    let phase = first(draws)
    return elapsed < phase ? 0 : (elapsed - phase) / interval + 1
  }

  /// When a visit was, relative to the start of the run; the zeroth is the start.
  func instant(_ number: Int64, _ draws: RandomStream) -> Milliseconds {
    number == 0 ? 0 : first(draws) + (number - 1) * interval
  }

  private func first(_ draws: RandomStream) -> Milliseconds { Milliseconds(draws.below(UInt64(interval), 0)) + 1 }
}
