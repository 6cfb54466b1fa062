import FleetSpec
import Glibc

/// What clouds leave of the clear sky's irradiance at a site.
///
/// The density of cloud in front of the sun is a normally distributed noise field: slow octaves make clear, broken and overcast
/// hours, fast ones let single clouds pass. The sun is covered where the density exceeds the quantile that belongs to the site's
/// cloudiness, so that the share of time under cloud is the cloudiness. The regimes follow J. M. Bright et al. (2015), "Stochastic
/// generation of synthetic minutely irradiance time series", Solar Energy 115; enhancement beside a cloud (up to 1.3 here, up to 1.5
/// measured) and ramps within seconds follow M. Jarvela et al. (2018). The shape of the edge is engineering judgement.
struct Clouds: Sendable {
  /// What the sky looks like over an hour.
  enum Regime: Sendable { case clear, broken, overcast }

  /// The caches of the noise fields.
  struct Noise: Sendable {
    var slow = NoiseCache()
    var fast = NoiseCache()
    var edges = NoiseCache()
  }

  private let slow: NoiseField
  private let fast: NoiseField
  private let edges: NoiseField
  /// The density above which the sun is covered.
  private let threshold: Double

  private static let slowShare = 0.85
  private static let fastShare = (1 - slowShare * slowShare).squareRoot()
  private static let edgeWidth = 0.22
  private static let brightWidth = 0.26
  static let greatestEnhancement = 0.3
  static let thinnest = 0.45
  static let thickest = 0.08

  init(site: Site, seed: UInt64, entity: UInt64) {
    let stream = RandomStream(seed: seed, device: entity, stream: StreamNumber.clouds)
    slow = NoiseField(stream: stream, period: 5 * 3_600_000, octaves: 2, ratio: 5, persistence: 0.5)
    fast = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.passingClouds),
      period: 600_000, octaves: 4, ratio: 4, persistence: 0.6)
    edges = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.cloudEdges), period: 1_200_000, octaves: 1)
    if site.cloudiness <= 0 {
      threshold = .infinity
    } else if site.cloudiness >= 1 {
      threshold = -.infinity
    } else {
      threshold = InverseNormal.quantile(1 - site.cloudiness)
    }
  }

  /// Actual over clear-sky global irradiance: 0.08...1.3.
  func clearSkyIndex(at time: Milliseconds, _ noise: inout Noise) -> Double {
    if threshold == .infinity { return 1 }
    let density = Clouds.slowShare * slow.value(at: time, &noise.slow) + Clouds.fastShare * fast.value(at: time, &noise.fast)
    let depth = density - threshold
    if depth <= -Clouds.brightWidth { return 1 }
    let texture = edges.value(at: time, &noise.edges)
    if depth < 0 {
      let distance = 2 * depth / Clouds.brightWidth + 1
      let bump = (1 - distance * distance) * (1 - distance * distance)
      let strength = min(max(0.5 + 0.25 * texture, 0), 1)
      return 1 + Clouds.greatestEnhancement * strength * bump
    }
    let covered = depth >= Clouds.edgeWidth ? 1 : smoothstep(depth / Clouds.edgeWidth)
    // Deeper inside a cloud less light comes through; under a closed cover the texture alone decides.
    let thinning = depth.isInfinite ? 0 : 0.18 * exp(-depth)
    let transmittance = min(max(0.2 + thinning + 0.06 * texture, Clouds.thickest), Clouds.thinnest)
    return transmittance + (1 - covered) * (1 - transmittance)
  }

  /// The regime around an instant: broken where passing clouds can cover and uncover the sun.
  func regime(at time: Milliseconds, _ noise: inout Noise) -> Regime {
    let margin = Clouds.slowShare * slow.value(at: time, &noise.slow) - threshold
    if margin < -1.5 * Clouds.fastShare { return .clear }
    return margin > 1.5 * Clouds.fastShare ? .overcast : .broken
  }

  private func smoothstep(_ fraction: Double) -> Double {
    fraction * fraction * (3 - 2 * fraction)
  }
}
