import FleetSpec
import Glibc

/// The voltage of a lithium-ion cell that a small solar panel charges: highest in the afternoon, lowest before dawn.
///
/// Engineering judgement: 3.80 V on average, 0.18 V of daily swing under a clear sky, 3 mV/K, and the age of the cell.
struct Battery: Sendable {
  private let mean: Double
  private let swing: Double
  private let clock: SunClock

  init(site: Site, clock: SunClock, seed: UInt64, entity: UInt64) {
    let random = RandomStream(seed: seed, device: entity, stream: StreamNumber.battery)
    mean = 3.80 - 0.06 * site.cloudiness + 0.04 * random.normal(0)
    swing = 0.18 * (1 - 0.7 * site.cloudiness)
    self.clock = clock
  }

  /// 3.0...4.2 V.
  func value(at time: Milliseconds, ambient: Double) -> Double {
    let charge = swing * cos(2 * .pi * (clock.dayFraction(at: time) - 0.66))
    return min(max(mean + charge + 0.003 * (ambient - 15), 3.0), 4.2)
  }
}
