import Glibc

/// The tails of the distributions that test statistics have.
public enum SpecialFunctions {
  /// The probability that Kolmogorov's limit distribution exceeds `lambda`.
  ///
  /// Source: NIST Digital Library of Mathematical Functions, 20.7.32: two series of a theta function, each where it converges fast.
  public static func kolmogorovTail(_ lambda: Double) -> Double {
    guard lambda > 0.04 else { return 1 }
    guard lambda < 1.18 else {
      let x = exp(-2 * lambda * lambda)
      return min(1, max(0, 2 * (x - pow(x, 4) + pow(x, 9) - pow(x, 16))))
    }
    let y = exp(-Double.pi * Double.pi / (8 * lambda * lambda))
    return 1 - (2 * Double.pi).squareRoot() / lambda * (y + pow(y, 9) + pow(y, 25) + pow(y, 49))
  }

  /// The regularised upper incomplete gamma function Q(a, x), a > 0, x >= 0.
  ///
  /// Source: NIST Digital Library of Mathematical Functions, 8.11.4 (series) and 8.9.2 (continued fraction, by Lentz's method).
  public static func upperGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 1 }
    let scale = exp(a * log(x) - x - lgamma(a).0)
    guard x >= a + 1 else {
      var term = 1 / a
      var sum = term
      var n = a
      while term > sum * 1e-16 {
        n += 1
        term *= x / n
        sum += term
      }
      return 1 - scale * sum
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var fraction = d
    for step in 1...10_000 {
      let an = -Double(step) * (Double(step) - a)
      b += 2
      d = 1 / nonZero(an * d + b)
      c = nonZero(b + an / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return scale * fraction
  }

  private static func nonZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}
