import Glibc

/// What a statistical test found. A test of a suite fails on `isImplausible`, and its message is the description.
public struct GoodnessOfFit: Sendable, CustomStringConvertible {
  /// Such as "Kolmogorov-Smirnov".
  public let test: String
  /// The test's own measure of the difference; 0 is a perfect fit.
  public let statistic: Double
  /// The probability of a difference at least as large when the data are what they are said to be.
  public let p: Double
  /// How many values were looked at.
  public let count: Int

  init(_ test: String, statistic: Double, p: Double, count: Int) {
    self.test = test
    self.statistic = statistic
    self.p = p
    self.count = count
  }

  /// True when data that are what they are said to be would look like this in fewer than one of ten thousand seeds.
  ///
  /// A seed is fixed, so a test passes always or never; the level only decides how often somebody who changes a draw has to look twice.
  public var isImplausible: Bool { !(p >= 1e-4) }

  public var description: String { "\(test): statistic \(statistic), p \(p), n \(count)" }
}

/// Tests of a sample against what it was asked to be.
public enum Statistics {
  /// The one-sample test of Kolmogorov and Smirnov for a continuous distribution.
  ///
  /// Source of the p value: M. A. Stephens (1970), "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without
  /// extensive tables", Journal of the Royal Statistical Society B 32 (1): the asymptotic distribution at (sqrt n + 0.12 + 0.11 / sqrt n) D.
  /// - Parameter distribution: the probability of a value up to and including its argument.
  public static func kolmogorovSmirnov(_ values: [Double], _ distribution: (Double) -> Double) -> GoodnessOfFit {
    guard isSound(values) else { return GoodnessOfFit("Kolmogorov-Smirnov", statistic: 1, p: 0, count: values.count) }
    let count = Double(values.count)
    var difference = 0.0
    for (index, value) in values.sorted().enumerated() {
      let expected = distribution(value)
      difference = max(difference, Double(index + 1) / count - expected, expected - Double(index) / count)
    }
    return GoodnessOfFit(
      "Kolmogorov-Smirnov", statistic: difference, p: kolmogorovTail(difference, count: count), count: values.count)
  }

  /// The two-sample test of Kolmogorov and Smirnov: whether two samples come from one distribution, whatever it is.
  public static func kolmogorovSmirnov(_ one: [Double], _ other: [Double]) -> GoodnessOfFit {
    guard isSound(one) && isSound(other) else {
      return GoodnessOfFit("two-sample Kolmogorov-Smirnov", statistic: 1, p: 0, count: one.count + other.count)
    }
    let (one, other) = (one.sorted(), other.sorted())
    var (i, j) = (0, 0)
    var difference = 0.0
    while i < one.count && j < other.count {
      let value = min(one[i], other[j])
      while i < one.count && one[i] == value { i += 1 }
      while j < other.count && other[j] == value { j += 1 }
      difference = max(difference, abs(Double(i) / Double(one.count) - Double(j) / Double(other.count)))
    }
    let effective = Double(one.count) * Double(other.count) / Double(one.count + other.count)
    return GoodnessOfFit(
      "two-sample Kolmogorov-Smirnov", statistic: difference, p: kolmogorovTail(difference, count: effective),
      count: one.count + other.count)
  }

  /// Pearson's chi-square test of counts against probabilities that add up to 1.
  /// - Parameters:
  ///   - counts: how often each class was seen; at least five are to be expected in each, or the p value means nothing.
  ///   - fitted: how many parameters of the distribution were taken from the data.
  public static func chiSquare(_ counts: [Int], probabilities: [Double], fitted: Int = 0) -> GoodnessOfFit {
    precondition(counts.count == probabilities.count && counts.count > fitted + 1)
    let total = counts.reduce(0, +)
    var statistic = 0.0
    for (count, probability) in zip(counts, probabilities) {
      let expected = probability * Double(total)
      precondition(expected >= 5, "a class of which only \(expected) are expected")
      statistic += (Double(count) - expected) * (Double(count) - expected) / expected
    }
    let freedom = Double(counts.count - 1 - fitted)
    return GoodnessOfFit(
      "chi-square", statistic: statistic, p: SpecialFunctions.upperGamma(freedom / 2, statistic / 2), count: total)
  }

  /// Whether something that happens with a known probability has happened as often as it should: the normal approximation, two-sided.
  public static func proportion(_ successes: Int, of trials: Int, probability: Double) -> GoodnessOfFit {
    let expected = probability * Double(trials)
    precondition(min(expected, Double(trials) - expected) >= 5, "only \(expected) of \(trials) are expected")
    let z = (Double(successes) - expected) / (expected * (1 - probability)).squareRoot()
    return GoodnessOfFit("proportion", statistic: z, p: erfc(abs(z) / 2.0.squareRoot()), count: trials)
  }

  /// A sample without values, or with one that is no number, fits nothing.
  private static func isSound(_ values: [Double]) -> Bool { !values.isEmpty && !values.contains { $0.isNaN } }

  private static func kolmogorovTail(_ difference: Double, count: Double) -> Double {
    let root = count.squareRoot()
    return SpecialFunctions.kolmogorovTail((root + 0.12 + 0.11 / root) * difference)
  }
}
