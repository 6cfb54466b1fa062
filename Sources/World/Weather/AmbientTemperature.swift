import FleetSpec
import Glibc

/// Air temperature in degrees Celsius: a yearly and a daily cycle in the site's solar time, and weather.
///
/// The lapse rate of 6.5 K/km is the International Standard Atmosphere's (ISO 2533); the rest is engineering judgement fitted by eye to
/// climate tables: 27 degrees on average at the equator and 9 at 50 degrees north, amplitudes that grow with latitude.
struct AmbientTemperature: Sendable {
  let yearlyMean: Double
  /// Positive in the north, where July is warm.
  let yearlyAmplitude: Double
  let dailyAmplitude: Double
  /// The share of the year that has passed on the warmest day in the north.
  static let warmest = 0.55
  private let weather: NoiseField
  private let clock: SunClock

  init(site: Site, clock: SunClock, seed: UInt64, entity: UInt64) {
    yearlyMean = 27 - 0.0072 * site.latitude * site.latitude - 0.0065 * site.altitude
    yearlyAmplitude = 0.22 * site.latitude
    dailyAmplitude = 6 * (1 - 0.6 * site.cloudiness)
    weather = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.ambientTemperature),
      period: 4 * 86_400_000, octaves: 3, ratio: 12, persistence: 0.3)
    self.clock = clock
  }

  /// The temperature without the daily cycle, and what the daily cycle (warmest at 15:00) adds to it.
  func parts(at time: Milliseconds, _ cache: inout NoiseCache) -> (level: Double, daily: Double) {
    let season = cos(2 * .pi * (clock.years(at: time) - AmbientTemperature.warmest))
    let daily = dailyAmplitude * cos(2 * .pi * (clock.dayFraction(at: time) - 0.625))
    return (yearlyMean + yearlyAmplitude * season + 3 * weather.value(at: time, &cache), daily)
  }
}
