import FleetSpec
import Glibc

/// What age takes from modules.
///
/// Source: D. C. Jordan, S. R. Kurtz (2013), "Photovoltaic degradation rates - an analytical review", Progress in Photovoltaics 21: median
/// 0.5 % a year, skewed to higher rates. Here each device draws its rate from a log-normal distribution around the median;
/// the spread of 0.5 is fitted by eye to the paper's histogram (90 % below 1 % a year).
struct Degradation: Sendable {
  private let median: Double
  private let age: Double

  static let spread = 0.5

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
