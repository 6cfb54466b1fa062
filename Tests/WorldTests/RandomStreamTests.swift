import Testing

@testable import FleetSpec
@testable import World

@Suite struct RandomStreamTests {
  @Test func drawsDependOnEveryPartOfTheKeyAlone() {
    let stream = RandomStream(seed: 1, device: 2, stream: 3)
    #expect(stream.bits(7) == RandomStream(seed: 1, device: 2, stream: 3).bits(7))
    let others = [
      RandomStream(seed: 2, device: 2, stream: 3), RandomStream(seed: 1, device: 3, stream: 3), RandomStream(seed: 1, device: 2, stream: 4),
      RandomStream(seed: 2, device: 1, stream: 3), RandomStream(seed: 1, device: 3, stream: 2),
    ]
    var seen: Set<UInt64> = []
    for each in [stream] + others {
      for index in 0..<1000 as Range<UInt64> { seen.insert(each.bits(index)) }
    }
    #expect(seen.count == 6000)
  }

  @Test(arguments: [0, 1, 42, UInt64.max]) func momentsAreThoseOfTheDistributions(seed: UInt64) {
    let stream = RandomStream(seed: seed, device: 5, stream: 9)
    let count = 100_000
    var uniform = 0.0
    var normal = 0.0
    var square = 0.0
    var fourth = 0.0
    var exponential = 0.0
    var neighbours = 0.0
    var outside = 0
    for index in 0..<UInt64(count) {
      let u = stream.uniform(index)
      if u < 0 || u >= 1 { outside += 1 }
      uniform += u
      let n = stream.normal(index)
      normal += n
      square += n * n
      fourth += n * n * n * n
      neighbours += n * stream.normal(index + 1)
      exponential += stream.exponential(index)
    }
    #expect(outside == 0)
    let total = Double(count)
    #expect(abs(uniform / total - 0.5) < 0.004)
    #expect(abs(normal / total) < 0.01)
    #expect(abs(square / total - 1) < 0.02)
    #expect(abs(fourth / total - 3) < 0.15)
    #expect(abs(neighbours / total) < 0.01)
    #expect(abs(exponential / total - 1) < 0.015)
  }

  @Test func belowStaysBelowAndReachesAll() {
    let stream = RandomStream(seed: 3, device: 0, stream: 0)
    var counts = [0, 0, 0, 0, 0]
    for index in 0..<10_000 as Range<UInt64> { counts[Int(stream.below(5, index))] += 1 }
    #expect(counts.allSatisfy { abs($0 - 2000) < 250 })
    #expect(stream.below(0, 1) == 0)
  }

  /// Reference values from Python 3.11, `statistics.NormalDist().inv_cdf`.
  @Test(arguments: [
    (1e-12, -7.034483825301132), (1e-5, -4.2648907939228256), (0.01, -2.3263478740408408), (0.1, -1.2815515655446008), (0.5, 0),
    (0.6, 0.2533471031357998), (0.95, 1.6448536269514715), (1 - 1e-9, 5.997807019601638),
  ]) func quantilesAgreeWithTheReference(probability: Double, expected: Double) {
    #expect(abs(InverseNormal.quantile(probability) - expected) < 1e-12 * max(1, abs(expected)))
  }
}
