import FleetSpec
import Glibc

/// Relative humidity in percent, from the dew point, which hardly follows the daily cycle: so air is driest in the afternoon.
///
/// Source of the vapour pressure: Magnus formula with the coefficients of O. A. Alduchov, R. E. Eskridge (1996), Journal of Applied
/// Meteorology 35. The dew point's depression (5 K, less in cloudy climates) and the moisture that rain adds are engineering judgement.
struct Humidity: Sendable {
  private let noise: NoiseField
  private let depression: Double

  init(site: Site, seed: UInt64, entity: UInt64) {
    noise = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.humidity),
      period: 12 * 3_600_000, octaves: 2, ratio: 12, persistence: 0.3)
    depression = 8 - 5 * site.cloudiness
  }

  /// 3...100 percent.
  /// - Parameters:
  ///   - temperature: of the air now, degrees Celsius.
  ///   - level: of the air without its daily cycle, degrees Celsius.
  ///   - wetness: 0 when it is dry, 1 when it has rained for a while.
  func value(
    at time: Milliseconds, temperature: Double, level: Double, wetness: Double, _ cache: inout NoiseCache
  ) -> Double {
    let dewPoint = level - depression + 2 * noise.value(at: time, &cache)
    let relative = min(100 * exp(Humidity.exponent(dewPoint) - Humidity.exponent(temperature)), 100)
    return max(relative + (100 - relative) * 0.7 * wetness, 3)
  }

  private static func exponent(_ temperature: Double) -> Double {
    17.625 * temperature / (243.04 + temperature)
  }
}
