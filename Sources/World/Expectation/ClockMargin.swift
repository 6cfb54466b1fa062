import FleetSpec

/// How far timestamps may lie before the run's start and after its end: the ordinary errors of clocks, and time zones taken for universal
/// time. Readings beyond, of clocks that are wrong by years, are looked for one by one.
struct ClockMargin {
  private(set) var before: Milliseconds = 1_000
  private(set) var after: Milliseconds = 1_000

  /// Degrees from 25 that no site's yearly mean and seasons exceed.
  private static let temperatureDistance = 60.0

  init(_ fleet: Fleet, start: Milliseconds) {
    for profile in fleet.profiles {
      let error = ClockMargin.ordinaryError(profile.clock, fleet)
      before = max(before, error)
      after = max(after, error)
    }
    guard fleet.profiles.contains(where: { $0.clock.localTime > 0 }) else { return }
    let offsets = fleet.sites.flatMap { site in [start, start + fleet.duration].map { site.timeZone.offset(at: $0) } }
    before += max(0, -(offsets.min() ?? 0))
    after += max(0, offsets.max() ?? 0)
  }

  /// Six standard deviations.
  private static func ordinaryError(_ clock: DeviceClock, _ fleet: Fleet) -> Milliseconds {
    let between = clock.synchronisation > 0 ? min(clock.synchronisation, fleet.duration) : fleet.duration
    let rate = 6 * clock.driftPPM - clock.curvature * temperatureDistance * temperatureDistance
    // A clock that slews carries the error of one interval on into the next.
    let intervals: Milliseconds = clock.correction == .slew ? 2 : 1
    return intervals * (6 * clock.offset + Milliseconds(rate * 1e-6 * Double(between))) + 1_000
  }
}
