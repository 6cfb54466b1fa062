import Glibc
import TestSupport
import Testing

/// The statistics of `TestSupport` against SciPy 1.x; the numbers were printed by it.
@Suite struct StatisticsTests {
  /// Two sequences that fill 0..<1 evenly without being random; the same in Python to the last bit.
  static let quadratic = (0..<200).map { (index: Int) -> Double in
    let i = Double(index)
    return (i * i * 0.7548776662466927 + 0.3 * i * 0.5698402909980532).truncatingRemainder(dividingBy: 1)
  }
  static let golden = (1...150).map { (Double($0) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) }

  private func isClose(_ one: Double, _ other: Double, _ relative: Double = 1e-11) -> Bool {
    abs(one - other) <= relative * max(abs(one), abs(other))
  }

  @Test(arguments: [(1.0, 0.08675525811848292, 0.09281259738424519), (1.2, 0.051186063898498446, 0.651966917038437)])
  func oneSampleAsInSciPy(power: Double, statistic: Double, exact: Double) {
    let values = StatisticsTests.quadratic.map { pow($0, power) }
    let fit = Statistics.kolmogorovSmirnov(values, Distributions.uniform(from: 0, to: 1))
    #expect(isClose(fit.statistic, statistic), "\(fit)")
    // Stephens' correction comes this close to the exact distribution; without it the error is more than twice as large.
    #expect(abs(fit.p - exact) < 0.009, "\(fit)")
    #expect(fit.count == 200)
  }

  @Test func twoSamplesAsInSciPy() {
    let fit = Statistics.kolmogorovSmirnov(StatisticsTests.quadratic, StatisticsTests.golden.map { pow($0, 0.85) })
    #expect(isClose(fit.statistic, 0.04833333333333334), "\(fit)")
    #expect(abs(fit.p - 0.9832887398358645) < 0.01, "\(fit)")
    let ties = Statistics.kolmogorovSmirnov([1, 2, 2, 3, 3, 3, 4, 5], [2, 3, 3, 4, 4, 4, 5, 6, 7])
    #expect(isClose(ties.statistic, 0.4166666666666667), "\(ties)")
  }

  @Test(arguments: [
    ([16, 18, 16, 14, 12, 12, 22, 30], [20, 20, 20, 15, 15, 15, 15, 20], 11.333333333333332, 0.12472562137535338),
    ([43, 52, 54, 40, 61], [50, 50, 50, 50, 50], 5.8, 0.21459055821998824),
  ])
  func chiSquareAsInSciPy(counts: [Int], expected: [Int], statistic: Double, p: Double) {
    let fit = Statistics.chiSquare(counts, probabilities: expected.map { Double($0) / Double(expected.reduce(0, +)) })
    #expect(isClose(fit.statistic, statistic) && isClose(fit.p, p), "\(fit)")
  }

  @Test func aProportionAsInSciPy() {
    let fit = Statistics.proportion(5150, of: 100_000, probability: 0.05)
    #expect(isClose(fit.p, 0.029523215949937873, 1e-9), "\(fit)")
    #expect(Statistics.proportion(5400, of: 100_000, probability: 0.05).isImplausible)
  }

  @Test(arguments: [
    (0.2, 0.999999999999495), (0.5, 0.9639452436648751), (1, 0.26999967167735456), (1.18, 0.1234538094297657),
    (1.5, 0.022217962616525127), (2.5, 7.453306344157342e-06),
  ])
  func tailOfKolmogorovAsInSciPy(lambda: Double, p: Double) {
    #expect(isClose(SpecialFunctions.kolmogorovTail(lambda), p), "\(SpecialFunctions.kolmogorovTail(lambda))")
  }

  @Test(arguments: [
    (0.5, 0.1, 0.6547208460185768), (0.5, 10, 7.744216431044088e-06), (4.5, 3, 0.7399182920946538),
    (4.5, 16.92, 9.527710649871314e-05), (50, 40, 0.9296649333406051), (50, 75, 0.0009039320423540184),
    (500, 560, 0.004693165999294767),
  ])
  func incompleteGammaAsInSciPy(a: Double, x: Double, q: Double) {
    #expect(isClose(SpecialFunctions.upperGamma(a, x), q, 1e-10), "\(SpecialFunctions.upperGamma(a, x))")
  }

  @Test func distributionsAsInSciPy() {
    #expect(isClose(Distributions.normal(mean: 0.5, deviation: 2)(1.3), 0.6554217416103242))
    #expect(isClose(Distributions.normal(mean: 0.5, deviation: 2)(-9), 1.0170832425687032e-06))
    #expect(isClose(Distributions.logNormal(median: 30, spread: 0.8)(20), 0.30613656640274955))
    #expect(isClose(Distributions.exponential(mean: 7)(3), 0.3485609424689444))
    #expect(isClose(Distributions.weibull(scale: 9, shape: 0.7)(5), 0.4845362064689961))
    #expect(Distributions.uniform(from: 2, to: 6)(3) == 0.25)
    #expect(Distributions.exponential(mean: 7)(-1) == 0 && Distributions.uniform(from: 2, to: 6)(9) == 1)
  }

  @Test func aWrongDistributionIsImplausibleAndARightOneIsNot() {
    let values = (0..<2000).map { -log(1 - (Double($0) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)) * 60 }
    #expect(!Statistics.kolmogorovSmirnov(values, Distributions.exponential(mean: 60)).isImplausible)
    #expect(Statistics.kolmogorovSmirnov(values, Distributions.exponential(mean: 70)).isImplausible)
    #expect(Statistics.kolmogorovSmirnov(values, values.map { $0 * 1.3 }).isImplausible)
    #expect("\(Statistics.kolmogorovSmirnov([0.5], Distributions.uniform(from: 0, to: 1)))".contains("statistic 0.5, p "))
    // A value that is no number must not pass for a good fit.
    #expect(Statistics.kolmogorovSmirnov([.nan, .nan], Distributions.normal(mean: 0, deviation: 1)).isImplausible)
    #expect(Statistics.kolmogorovSmirnov([1, 2, .nan], [1, 2, 3]).isImplausible)
  }
}
