import FleetSpec
import Glibc

/// What clouds leave of the clear sky's irradiance at a place within a site.
///
/// A field of cloud density drifts over the site with the wind (G. I. Taylor's frozen turbulence): along the wind devices see the same
/// clouds one after the other, across it other ones, so that neighbours correlate by distance and cloud speed as in the wavelet
/// variability model (M. Lave, J. Kleissl, J. S. Stein, 2013, IEEE Transactions on Sustainable Energy 4). The regime decides how much of
/// the field is cloud, and its changes cross the site as fronts. Enhancement beside a cloud reaches 1.5 times the clear sky, ramps 60 % within
/// a second (M. Jarvela et al., 2018). The shape of a cloud's edge is engineering judgement.
struct Clouds: Sendable {
  private let random: RandomEntity
  let regimes: SkyRegimes
  private let clock: SunClock
  private let extent: Double
  private let field: CloudField
  private let edges: NoiseField

  private static let edgeWidth = 0.22
  private static let brightWidth = 0.30
  static let greatestEnhancement = 0.5
  static let thinnest = 0.45
  static let thickest = 0.08
  /// The time in which a front passes a point.
  private static let frontTime: Milliseconds = 300_000
  /// How long the wind takes to turn at midnight, which shows where the sun does not set.
  private static let turnTime: Milliseconds = 3_600_000

  init(site: Site, clock: SunClock, random: RandomEntity) {
    self.random = random
    self.clock = clock
    regimes = SkyRegimes(cloudiness: site.cloudiness, random: random)
    extent = site.extent
    field = CloudField(extent: site.extent, random: random)
    edges = NoiseField(stream: random.stream(StreamNumber.cloudEdges), period: 1_200_000, octaves: 1)
  }

  /// What one thread remembers.
  struct Cache: Sendable {
    fileprivate var field = CloudField.Cache()
    fileprivate var edges = NoiseCache()
    fileprivate var yesterday = SkyRegimes.Day()
    fileprivate var today = SkyRegimes.Day()
    fileprivate var lastDrift = Drift()
    fileprivate var drift = Drift()
    fileprivate var halfDay = Int64.min
    fileprivate var cover = 0.0
  }

  /// Makes room in a cache, so that nothing is allocated later on.
  func prepare(_ cache: inout Cache) { field.prepare(&cache.field) }

  /// How clouds move on one day: speed log-normal around 9 m/s, any direction (engineering judgement).
  struct Drift: Sendable {
    var day = Int64.min
    var east = 0.0
    var north = 1.0
    /// Metres per second.
    var speed = 9.0

    /// How long after the middle of the site a place sees a cloud, ms, and how far across the wind it lies, metres.
    func offset(of position: Position) -> (delay: Double, across: Double) {
      ((position.east * east + position.north * north) / speed * 1000, position.east * north - position.north * east)
    }
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
    let offset = offset(of: position, at: time, &cache)
    let delayed = time - Milliseconds(offset.delay.rounded())
    let threshold = threshold(at: delayed, &cache)
    if threshold > 3.5 { return 1 }
    let depth = field.value(at: delayed, across: offset.across, &cache.field) - threshold
    if depth <= -Clouds.brightWidth { return 1 }
    return index(depth: depth, texture: edges.value(at: delayed, &cache.edges))
  }

  private func offset(of position: Position, at time: Milliseconds, _ cache: inout Cache) -> (delay: Double, across: Double) {
    let day = clock.day(at: time)
    if cache.drift.day != day {
      cache.lastDrift = drift(day: day &- 1)
      cache.drift = drift(day: day)
    }
    let now = cache.drift.offset(of: position)
    let since = clock.millisecondOfDay(at: time)
    guard since < Clouds.turnTime else { return now }
    let before = cache.lastDrift.offset(of: position)
    let weight = CloudField.smoothstep(Double(since) / Double(Clouds.turnTime))
    return (before.delay + (now.delay - before.delay) * weight, before.across + (now.across - before.across) * weight)
  }

  /// The share of the sky under cloud over the middle of the site, on average from 9:00 to 21:00 solar time, or from 21:00 to 9:00:
  /// the half of the day that an instant belongs to.
  func cover(at time: Milliseconds, _ cache: inout Cache) -> Double {
    let day = clock.day(at: time)
    let step = Int64(clock.millisecondOfDay(at: time) / SkyRegimes.step)
    let halfDay = 2 * day + (step < 18 ? -1 : step < 42 ? 0 : 1)
    if cache.halfDay != halfDay {
      cache.halfDay = halfDay
      cache.cover = regimes.cover(halfDay: halfDay)
    }
    return cache.cover
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

  /// The density above which the sun is covered; a front leads from one regime's cover to the next one's.
  private func threshold(at time: Milliseconds, _ cache: inout Cache) -> Double {
    let day = clock.day(at: time)
    let part = clock.millisecondOfDay(at: time)
    let step = Int(part / SkyRegimes.step)
    let states = today(day, &cache)
    let now = states[step]
    let since = part - Milliseconds(step) * SkyRegimes.step
    guard since < Clouds.frontTime else { return Clouds.threshold(of: now) }
    let last = step > 0 ? states[step - 1] : today(day &- 1, &cache)[SkyRegimes.stepsPerDay - 1]
    guard last != now else { return Clouds.threshold(of: now) }
    // The cover changes evenly, so that fronts take as much from one regime as they give to the other.
    let before = Clouds.cover(of: last)
    let weight = CloudField.smoothstep(Double(since) / Double(Clouds.frontTime))
    return -InverseNormal.quantile(before + (Clouds.cover(of: now) - before) * weight)
  }

  private static let closed = 4.0

  private static func threshold(of regime: SkyRegimes.Regime) -> Double {
    switch regime {
    case .clear: closed
    case .broken: 0
    case .overcast: -closed
    }
  }

  /// The share of the field above the threshold: next to nothing, half, and next to all of it.
  private static func cover(of regime: SkyRegimes.Regime) -> Double {
    switch regime {
    case .clear: 3.167_124_183_312e-5
    case .broken: SkyRegimes.brokenCover
    case .overcast: 1 - 3.167_124_183_312e-5
    }
  }

  private func index(depth: Double, texture: Double) -> Double {
    if depth < 0 {
      let distance = 2 * depth / Clouds.brightWidth + 1
      let bump = (1 - distance * distance) * (1 - distance * distance)
      let strength = min(max(0.4 + 0.25 * texture, 0), 1)
      return 1 + Clouds.greatestEnhancement * strength * bump
    }
    let covered = depth >= Clouds.edgeWidth ? 1 : CloudField.smoothstep(depth / Clouds.edgeWidth)
    // Deeper inside a cloud less light comes through; under a closed cover the texture decides.
    let transmittance = min(max(0.2 + 0.18 * exp(-depth) + 0.06 * texture, Clouds.thickest), Clouds.thinnest)
    return transmittance + (1 - covered) * (1 - transmittance)
  }
}
