import Glibc

/// A vertical axis on which each step multiplies: for latencies, of which the median and the maximum are both of interest.
package struct LogScale: Sendable, Equatable {
  package let low: Double
  package let high: Double

  /// - Parameters:
  ///   - range: of the data.
  ///   - least: above 0; smaller values, and 0 among them, lie on the axis.
  package init(_ range: ClosedRange<Double>, least: Double = 1) {
    low = Self.power(ofTen: log10(max(range.lowerBound, least)).rounded(.down))
    high = max(low * 10, Self.roundUp(max(range.upperBound, least)))
  }

  private static func power(ofTen exponent: Double) -> Double { pow(10, exponent) }

  /// The next 1, 2 or 5 times a power of ten.
  private static func roundUp(_ value: Double) -> Double {
    let power = power(ofTen: log10(value).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= value * 0.999_999 { return factor * power }
    return 10 * power
  }

  /// Powers of ten, and over a narrow range 2 and 5 times them.
  package var ticks: [Double] {
    let factors = high / low <= 100.001 ? [1.0, 2, 5] : [1.0]
    var list: [Double] = []
    var power = low
    while power <= high * 1.001 {
      for factor in factors where factor * power <= high * 1.001 { list.append(factor * power) }
      power *= 10
    }
    return list
  }

  package func y(_ value: Double, in frame: Frame) -> Double {
    let share = log10(min(max(value, low), high) / low) / log10(high / low)
    return frame.bottom - share * frame.height
  }
}
