import FleetSpec
import Glibc

/// What age takes from modules.
///
/// Source: D. C. Jordan, S. R. Kurtz (2013), "Photovoltaic degradation rates - an analytical review", Progress in Photovoltaics 21: median
/// 0.5 % a year, skewed to higher rates. Here each device draws its rate from a log-normal distribution around the median. Its spread gives
/// a mean of 0.8 % a year at that median, as D. C. Jordan, S. R. Kurtz, K. VanSant, J. Newmiller (2016), "Compendium of photovoltaic
/// degradation rates", Progress in Photovoltaics 24, found for crystalline silicon.
struct Degradation: Sendable {
  private let median: Double
  private let age: Double

  static let spread = 0.95

  init(_ plant: PhotovoltaicPlant) {
    median = plant.degradation
    age = plant.age
  }

  /// Share of the power that is lost per year.
  func rate(of device: RandomEntity) -> Double {
    median == 0 ? 0 : median * exp(Degradation.spread * device.stream(StreamNumber.degradation).normal(0))
  }

  /// Share of the power that is left.
  /// - Parameter elapsed: years since the run began.
  func factor(of device: RandomEntity, elapsed: Double) -> Double {
    median == 0 ? 1 : max(0, 1 - rate(of: device) * (age + elapsed))
  }
}
