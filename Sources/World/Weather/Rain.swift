import FleetSpec

/// Rain, which falls under an overcast sky only.
///
/// Half an hour of overcast is wet with a chance of 18 %, and then brings an exponentially distributed intensity of 1.8 mm/h on average
/// (engineering judgement: about 800 mm a year at a cloudiness of 0.6, and 200 mm at 0.25).
struct Rain: Sendable {
  static let chance = 0.18
  static let meanIntensity = 1.8

  private let random: RandomEntity
  private let regimes: SkyRegimes
  private let clock: SunClock

  init(regimes: SkyRegimes, clock: SunClock, random: RandomEntity) {
    self.random = random
    self.regimes = regimes
    self.clock = clock
  }

  /// mm/h.
  func intensity(at time: Milliseconds, regime: SkyRegimes.Regime) -> Double {
    intensity(day: clock.day(at: time), step: Int(clock.millisecondOfDay(at: time) / SkyRegimes.step), regime: regime)
  }

  /// Millimetres on a day, counted from 1970 by the site's solar time.
  func total(day: Int64) -> Double {
    let states = regimes.day(day)
    var sum = 0.0
    for step in 0..<SkyRegimes.stepsPerDay { sum += intensity(day: day, step: step, regime: states[step]) / 2 }
    return sum
  }

  private func intensity(day: Int64, step: Int, regime: SkyRegimes.Regime) -> Double {
    guard regime == .overcast else { return 0 }
    let index = UInt64(bitPattern: day &* 48 &+ Int64(step)) &* 2
    let draws = random.stream(StreamNumber.rain)
    return draws.uniform(index) < Rain.chance ? Rain.meanIntensity * draws.exponential(index &+ 1) : 0
  }
}
