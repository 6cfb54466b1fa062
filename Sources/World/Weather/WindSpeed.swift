import FleetSpec
import Glibc

/// Wind speed in m/s at module height: log-normal around 2.5 m/s, with gusts down to ten seconds.
///
/// The distribution is engineering judgement; over a year it is close to the usual Weibull distribution with shape 2.
struct WindSpeed: Sendable {
  private let noise: NoiseField

  init(seed: UInt64, entity: UInt64) {
    noise = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.windSpeed),
      period: 6 * 3_600_000, octaves: 4, ratio: 13, persistence: 0.5)
  }

  /// 0...40 m/s.
  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    min(2.5 * exp(0.55 * noise.value(at: time, &cache)), 40)
  }
}
