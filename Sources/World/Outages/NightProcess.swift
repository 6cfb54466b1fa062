import FleetSpec

/// The nights of a device that has no supply but its modules: from where the sun sinks below an elevation to where it rises above it.
///
/// Days without such a crossing, beyond the polar circles, belong to the night or the day around them.
struct NightProcess: Sendable {
  private(set) var next: Outage
  private let place: SiteEnvironment
  /// The sine of the elevation.
  private let threshold: Double

  /// Days that are looked ahead for a crossing.
  private static let horizon: Int64 = 400
  private static let halfDay: Milliseconds = 43_200_000

  /// - Parameter sineOfElevation: below which the device is off.
  init(sineOfElevation: Double, place: SiteEnvironment, start: Milliseconds) {
    threshold = sineOfElevation
    self.place = place
    next = .never
    if place.sun(at: start).up < threshold {
      next = Outage(start: start, end: dawn(after: start), cause: .night)
    } else {
      next = night(after: start)
    }
  }

  mutating func advance() {
    next = next.end < .max ? night(after: next.end) : .never
  }

  private func night(after time: Milliseconds) -> Outage {
    let first = place.clock.day(at: time)
    for day in first...(first + NightProcess.horizon) {
      let noon = place.clock.noon(ofDay: day)
      if let dusk = crossing(from: noon, to: noon + NightProcess.halfDay), dusk > time {
        return Outage(start: dusk, end: dawn(after: dusk), cause: .night)
      }
    }
    return .never
  }

  private func dawn(after time: Milliseconds) -> Milliseconds {
    let first = place.clock.day(at: time)
    for day in first...(first + NightProcess.horizon) {
      let noon = place.clock.noon(ofDay: day)
      if let dawn = crossing(from: noon, to: noon - NightProcess.halfDay), dawn > time { return dawn }
    }
    return .max
  }

  /// Where the sun crosses the threshold between a noon and a midnight, to the second; nil when it is on one side of it all the time.
  private func crossing(from noon: Milliseconds, to midnight: Milliseconds) -> Milliseconds? {
    var ephemeris = SunEphemeris.Cache()
    guard place.sun(at: noon).up >= threshold, place.sun(at: midnight).up < threshold else { return nil }
    var light = noon
    var dark = midnight
    while abs(light - dark) > 1_000 {
      let middle = (light + dark) / 2
      if place.sun(at: middle, &ephemeris).up >= threshold { light = middle } else { dark = middle }
    }
    return dark
  }
}
