import FleetSpec

/// Time as people at a site tell it: for what firmware does by the local day, never for timestamps.
struct LocalTime: Sendable {
  let rules: TimeZoneRules

  private static let day: Milliseconds = 86_400_000

  /// Days since 1970-01-01, local.
  func day(at time: Milliseconds) -> Int64 {
    let local = time + rules.offset(at: time)
    let quotient = local / LocalTime.day
    return local < 0 && quotient * LocalTime.day != local ? quotient - 1 : quotient
  }

  /// Milliseconds on the clock since local midnight; around a change of the clocks not the time that has passed.
  func millisecondOfDay(at time: Milliseconds) -> Milliseconds {
    time + rules.offset(at: time) - day(at: time) * LocalTime.day
  }

  /// The instant at which a local day begins, ms since 1970: the first of two midnights where the clocks go back to it, and where they
  /// leave it out, the moment at which they change.
  func start(ofDay day: Int64) -> Milliseconds {
    let midnight = day * LocalTime.day
    // No offset is longer than 14 hours, so the day begins between these two instants.
    let before = rules.offset(at: midnight - LocalTime.day)
    let after = rules.offset(at: midnight + LocalTime.day)
    guard before != after, let change = rules.change(after: midnight - LocalTime.day) else { return midnight - after }
    let first = midnight - before
    // Clocks that go back to the day before begin this one twice; the second time counts.
    if first < change && self.day(at: change) >= day { return first }
    return max(midnight - after, change)
  }

  /// 0..<24.
  func hour(at time: Milliseconds) -> Double { Double(millisecondOfDay(at: time)) / 3_600_000 }
}
