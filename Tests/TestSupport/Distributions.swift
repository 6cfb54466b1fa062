import Glibc

/// Cumulative distributions: the probability of a value up to and including the argument.
public enum Distributions {
  public static func normal(mean: Double, deviation: Double) -> @Sendable (Double) -> Double {
    { erfc((mean - $0) / (deviation * 2.0.squareRoot())) / 2 }
  }

  /// - Parameter spread: standard deviation of the logarithm.
  public static func logNormal(median: Double, spread: Double) -> @Sendable (Double) -> Double {
    { $0 <= 0 ? 0 : erfc((log(median) - log($0)) / (spread * 2.0.squareRoot())) / 2 }
  }

  public static func exponential(mean: Double) -> @Sendable (Double) -> Double {
    { $0 <= 0 ? 0 : -expm1(-$0 / mean) }
  }

  /// 1 - exp(-(x / scale)^shape).
  public static func weibull(scale: Double, shape: Double) -> @Sendable (Double) -> Double {
    { $0 <= 0 ? 0 : -expm1(-pow($0 / scale, shape)) }
  }

  public static func uniform(from lower: Double, to upper: Double) -> @Sendable (Double) -> Double {
    { min(1, max(0, ($0 - lower) / (upper - lower))) }
  }
}
