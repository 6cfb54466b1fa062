import FleetSpec
import Glibc

/// Wind speed in m/s at module height, with gusts down to ten seconds.
///
/// Distribution: Weibull with shape 2, that is Rayleigh's, as in IEC 61400-1. The mean of 2.9 m/s, which is low because modules stand
/// low, and the pace of its changes are engineering judgement.
struct WindSpeed: Sendable {
  /// Weibull's scale parameter, m/s.
  static let scale = 3.27

  private let noise: NoiseField

  init(seed: UInt64, entity: UInt64) {
    noise = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.windSpeed),
      period: 6 * 3_600_000, octaves: 4, ratio: 13, persistence: 0.5)
  }

  /// 0...40 m/s.
  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    // The quantile of the Weibull distribution at the level at which the noise stands in the normal one.
    let exceedance = erfc(noise.value(at: time, &cache) * 0.5.squareRoot()) / 2
    return min(WindSpeed.scale * max(-log(exceedance), 0).squareRoot(), 40)
  }
}
