import FleetSpec

/// Rain, which falls under an overcast sky only.
///
/// Every other day is one of rainy weather; on it half an hour of overcast is wet with a chance of 36 %, and then brings an exponentially
/// distributed intensity of 1.8 mm/h on average (engineering judgement, compared with climate tables: about 1070 mm and 170 days of rain a
/// year at a cloudiness of 0.6, 180 mm and 50 days at 0.25).
struct Rain: Sendable {
  static let shareOfRainyDays = 0.5
  /// On a day of rainy weather.
  static let chance = 0.36
  static let meanIntensity = 1.8

  private let random: RandomEntity
  private let regimes: SkyRegimes
  private let clock: SunClock

  init(regimes: SkyRegimes, clock: SunClock, random: RandomEntity) {
    self.random = random
    self.regimes = regimes
    self.clock = clock
  }

  /// Whether a day is one of rainy weather; it may stay dry for all that, when no cloud comes.
  func isRainy(day: Int64) -> Bool {
    random.stream(StreamNumber.rainyDays).uniform(UInt64(bitPattern: day)) < Rain.shareOfRainyDays
  }

  /// mm/h.
  func intensity(at time: Milliseconds, regime: SkyRegimes.Regime) -> Double {
    intensity(day: clock.day(at: time), step: Int(clock.millisecondOfDay(at: time) / SkyRegimes.step), regime: regime)
  }

  /// How wet the air is: 0 when it is dry, 1 after a quarter of an hour of rain.
  func wetness(at time: Milliseconds, _ clouds: Clouds, _ cache: inout Clouds.Cache) -> Double {
    let now = intensity(at: time, regime: clouds.regime(at: time, &cache)) > 0 ? 1.0 : 0
    let last = time - SkyRegimes.step
    let before = intensity(at: last, regime: clouds.regime(at: last, &cache)) > 0 ? 1.0 : 0
    let since = clock.millisecondOfDay(at: time) % SkyRegimes.step
    return before + (now - before) * min(Double(since) / 900_000, 1)
  }

  /// Millimetres on a day, counted from 1970 by the site's solar time.
  func total(day: Int64) -> Double {
    guard isRainy(day: day) else { return 0 }
    let states = regimes.day(day)
    var sum = 0.0
    for step in 0..<SkyRegimes.stepsPerDay { sum += intensity(day: day, step: step, regime: states[step]) / 2 }
    return sum
  }

  private func intensity(day: Int64, step: Int, regime: SkyRegimes.Regime) -> Double {
    guard regime == .overcast, isRainy(day: day) else { return 0 }
    let index = UInt64(bitPattern: day &* 48 &+ Int64(step)) &* 2
    let draws = random.stream(StreamNumber.rain)
    return draws.uniform(index) < Rain.chance ? Rain.meanIntensity * draws.exponential(index &+ 1) : 0
  }
}
