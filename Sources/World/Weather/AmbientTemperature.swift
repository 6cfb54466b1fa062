import FleetSpec
import Glibc

/// Air temperature in degrees Celsius: a yearly and a daily cycle in the site's solar time, and weather.
///
/// The lapse rate of 6.5 K/km is the International Standard Atmosphere's (ISO 2533); the rest is engineering judgement fitted by eye to
/// climate tables: 27 degrees on average at the equator and 9 at 50 degrees north, amplitudes that grow with latitude. Under a
/// closed sky the day is less warm and the night less cold: the daily cycle has 40 % of a clear day's.
struct AmbientTemperature: Sendable {
  let yearlyMean: Double
  /// Positive in the north, where July is warm.
  let yearlyAmplitude: Double
  /// On average over clear and cloudy days.
  let dailyAmplitude: Double
  /// The share of the year that has passed on the warmest day in the north.
  static let warmest = 0.55
  private static let clearAmplitude = 6.0
  /// How much of the daily cycle a closed sky takes away.
  private static let damping = 0.6
  private let weather: NoiseField
  private let clock: SunClock

  init(site: Site, clock: SunClock, seed: UInt64, entity: UInt64) {
    yearlyMean = 27 - 0.0072 * site.latitude * site.latitude - 0.0065 * site.altitude
    yearlyAmplitude = 0.22 * site.latitude
    dailyAmplitude = AmbientTemperature.clearAmplitude * (1 - AmbientTemperature.damping * site.cloudiness)
    weather = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.ambientTemperature),
      period: 4 * 86_400_000, octaves: 3, ratio: 12, persistence: 0.3)
    self.clock = clock
  }

  /// The temperature without the daily cycle, and what the daily cycle (warmest at 15:00) adds to it.
  /// - Parameter cover: share of the sky under cloud during this half of the day, which begins at 9:00 or 21:00, where the cycle passes 0.
  func parts(at time: Milliseconds, cover: Double, _ cache: inout NoiseCache) -> (level: Double, daily: Double) {
    let season = cos(2 * .pi * (clock.years(at: time) - AmbientTemperature.warmest))
    let amplitude = AmbientTemperature.clearAmplitude * (1 - AmbientTemperature.damping * cover)
    let daily = amplitude * cos(2 * .pi * (clock.dayFraction(at: time) - 0.625))
    return (yearlyMean + yearlyAmplitude * season + 3 * weather.value(at: time, &cache), daily)
  }
}
