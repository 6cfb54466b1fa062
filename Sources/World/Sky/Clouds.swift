import FleetSpec
import Glibc

/// What clouds leave of the clear sky's irradiance at a place within a site.
///
/// A field of cloud density drifts over the site with the wind (G. I. Taylor's frozen turbulence): along the wind devices see the same
/// clouds one after the other, across it the field changes within some hundred metres, so that neighbours correlate by distance and
/// cloud speed as in the wavelet variability model (M. Lave, J. Kleissl, J. S. Stein, 2013, IEEE Transactions on Sustainable Energy 4). The
/// regime decides how much of the field is cloud, and its changes cross the site as fronts. Enhancement beside a cloud reaches 1.5 times
/// the clear sky, ramps 60 % within a second (M. Jarvela et al., 2018). The shape of a cloud's edge is engineering judgement.
struct Clouds: Sendable {
  private let random: RandomEntity
  let regimes: SkyRegimes
  private let clock: SunClock
  private let extent: Double
  private let edges: NoiseField

  private static let edgeWidth = 0.22
  private static let brightWidth = 0.30
  static let greatestEnhancement = 0.5
  static let thinnest = 0.45
  static let thickest = 0.08
  /// Metres across the wind over which the field becomes another one (engineering judgement: the size of a cumulus).
  static let rowWidth = 400.0
  /// The time in which a front passes a point.
  private static let frontTime: Milliseconds = 300_000

  init(site: Site, clock: SunClock, random: RandomEntity) {
    self.random = random
    self.clock = clock
    regimes = SkyRegimes(cloudiness: site.cloudiness, random: random)
    extent = site.extent
    edges = NoiseField(stream: random.stream(StreamNumber.cloudEdges), period: 1_200_000, octaves: 1)
  }

  /// What one thread remembers.
  struct Cache: Sendable {
    fileprivate var rows: [NoiseCache] = []
    fileprivate var edges = NoiseCache()
    fileprivate var yesterday = SkyRegimes.Day()
    fileprivate var today = SkyRegimes.Day()
    fileprivate var drift = Drift()
  }

  /// How clouds move on one day: speed log-normal around 9 m/s, any direction (engineering judgement).
  struct Drift: Sendable {
    var day = Int64.min
    var east = 0.0
    var north = 1.0
    /// Metres per second.
    var speed = 9.0
  }

  /// Metres from the middle of the site.
  struct Position: Sendable, Equatable {
    var east = 0.0
    var north = 0.0
  }

  /// Where a device stands: anywhere in the site's square.
  func position(of device: RandomEntity) -> Position {
    let draws = device.stream(StreamNumber.position)
    return Position(east: (draws.uniform(0) - 0.5) * extent, north: (draws.uniform(1) - 0.5) * extent)
  }

  func drift(day: Int64) -> Drift {
    let draws = random.stream(StreamNumber.cloudDrift)
    let index = UInt64(bitPattern: day) &* 4
    let direction = 2 * Double.pi * draws.uniform(index)
    return Drift(
      day: day, east: sin(direction), north: cos(direction), speed: min(max(9 * exp(0.4 * draws.normal(index &+ 1)), 3), 25))
  }

  /// Actual over clear-sky global irradiance: 0.08...1.5.
  func clearSkyIndex(at time: Milliseconds, position: Position, _ cache: inout Cache) -> Double {
    let day = clock.day(at: time)
    if cache.drift.day != day { cache.drift = drift(day: day) }
    let along = position.east * cache.drift.east + position.north * cache.drift.north
    let across = position.east * cache.drift.north - position.north * cache.drift.east
    let delayed = time - Milliseconds((along / cache.drift.speed * 1000).rounded())
    let threshold = threshold(at: delayed, &cache)
    if threshold > 3.5 { return 1 }
    let depth = density(at: delayed, across: across, &cache) - threshold
    if depth <= -Clouds.brightWidth { return 1 }
    return index(depth: depth, texture: edges.value(at: delayed, &cache.edges))
  }

  /// The regime over the middle of the site.
  func regime(at time: Milliseconds, _ cache: inout Cache) -> SkyRegimes.Regime {
    let part = clock.millisecondOfDay(at: time)
    return today(clock.day(at: time), &cache)[Int(part / SkyRegimes.step)]
  }

  private func today(_ number: Int64, _ cache: inout Cache) -> SkyRegimes.Day {
    if cache.today.number != number {
      // The delay within a site makes its devices look at two days in turn around midnight.
      swap(&cache.today, &cache.yesterday)
      if cache.today.number != number { cache.today = regimes.day(number) }
    }
    return cache.today
  }

  /// The density above which the sun is covered; a front leads from one regime's to the next one's.
  private func threshold(at time: Milliseconds, _ cache: inout Cache) -> Double {
    let day = clock.day(at: time)
    let part = clock.millisecondOfDay(at: time)
    let step = Int(part / SkyRegimes.step)
    let states = today(day, &cache)
    let now = Clouds.threshold(of: states[step])
    let since = part - Milliseconds(step) * SkyRegimes.step
    guard since < Clouds.frontTime, step > 0, states[step - 1] != states[step] else { return now }
    let before = Clouds.threshold(of: states[step - 1])
    return before + (now - before) * Clouds.smoothstep(Double(since) / Double(Clouds.frontTime))
  }

  private static func threshold(of regime: SkyRegimes.Regime) -> Double {
    switch regime {
    case .clear: 4
    case .broken: 0
    case .overcast: -4
    }
  }

  /// Normally distributed: a blend of the two rows of the field between which a device stands.
  private func density(at time: Milliseconds, across: Double, _ cache: inout Cache) -> Double {
    let place = across / Clouds.rowWidth
    let row = place.rounded(.down)
    let fraction = Clouds.smoothstep(place - row)
    let first = value(row: Int(row), at: time, &cache)
    if fraction == 0 { return first }
    let second = value(row: Int(row) + 1, at: time, &cache)
    return (first * (1 - fraction) + second * fraction) / ((1 - fraction) * (1 - fraction) + fraction * fraction).squareRoot()
  }

  private func value(row: Int, at time: Milliseconds, _ cache: inout Cache) -> Double {
    let half = Int((0.75 * extent / Clouds.rowWidth).rounded(.up)) + 1
    if cache.rows.isEmpty { cache.rows = [NoiseCache](repeating: NoiseCache(), count: 2 * half + 1) }
    let field = NoiseField(
      stream: random.stream(StreamNumber.cloudRow(row)), period: 600_000, octaves: 4, ratio: 4, persistence: 0.6)
    return field.value(at: time, &cache.rows[min(max(row + half, 0), 2 * half)])
  }

  private func index(depth: Double, texture: Double) -> Double {
    if depth < 0 {
      let distance = 2 * depth / Clouds.brightWidth + 1
      let bump = (1 - distance * distance) * (1 - distance * distance)
      let strength = min(max(0.4 + 0.25 * texture, 0), 1)
      return 1 + Clouds.greatestEnhancement * strength * bump
    }
    let covered = depth >= Clouds.edgeWidth ? 1 : Clouds.smoothstep(depth / Clouds.edgeWidth)
    // Deeper inside a cloud less light comes through; under a closed cover the texture decides.
    let transmittance = min(max(0.2 + 0.18 * exp(-depth) + 0.06 * texture, Clouds.thickest), Clouds.thinnest)
    return transmittance + (1 - covered) * (1 - transmittance)
  }

  private static func smoothstep(_ fraction: Double) -> Double {
    fraction * fraction * (3 - 2 * fraction)
  }
}
