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

  /// The instant at which a local day begins, ms since 1970. Where the clocks change at midnight, the first instant of the day.
  func start(ofDay day: Int64) -> Milliseconds {
    let midnight = day * LocalTime.day
    let guess = midnight - rules.offset(at: midnight)
    let exact = midnight - rules.offset(at: guess)
    return self.day(at: exact) < day ? guess : exact
  }

  /// 0..<24.
  func hour(at time: Milliseconds) -> Double { Double(millisecondOfDay(at: time)) / 3_600_000 }
}
