import FleetSpec
import Glibc

/// Air pressure in hPa at the site's altitude, with highs and lows that pass within days.
///
/// Source: International Standard Atmosphere (ISO 2533) for the altitude; the 8 hPa of the weather are engineering judgement.
struct AirPressure: Sendable {
  private let mean: Double
  private let noise: NoiseField

  init(site: Site, seed: UInt64, entity: UInt64) {
    mean = 1013.25 * pow(1 - 2.25577e-5 * site.altitude, 5.25588)
    noise = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.pressure),
      period: 3 * 86_400_000, octaves: 3, ratio: 8, persistence: 0.25)
  }

  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    mean + 8 * noise.value(at: time, &cache)
  }
}
