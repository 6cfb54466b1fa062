import FleetSpec
import Glibc

/// The voltage of a lithium-ion cell that a small solar panel charges: highest in the afternoon, lowest before dawn.
///
/// Engineering judgement: 3.80 V on average, 0.18 V of daily swing under a clear sky, 3 mV/K, and the age of the cell.
enum Battery {
  /// 3.0...4.2 V.
  static func value(at time: Milliseconds, ambient: Double, place: SiteEnvironment, device: RandomEntity) -> Double {
    let mean = 3.80 - 0.06 * place.site.cloudiness + 0.04 * device.stream(StreamNumber.battery).normal(0)
    let swing = 0.18 * (1 - 0.7 * place.site.cloudiness)
    let charge = swing * cos(2 * .pi * (place.clock.dayFraction(at: time) - 0.66))
    return min(max(mean + charge + 0.003 * (ambient - 15), 3.0), 4.2)
  }
}
