import Testing

@testable import FleetSpec
@testable import World

@Suite struct NoiseFieldTests {
  @Test func isStandardNormalAtEveryInstantAndContinuous() {
    let count = 20_000
    var sum = 0.0
    var square = 0.0
    for seed in 0..<UInt64(count) {
      let field = NoiseField(stream: RandomStream(seed: seed, device: 1, stream: 1), period: 1000, octaves: 3)
      // Somewhere between lattice points, where interpolation without normalisation would lose variance.
      let value = field.value(at: 1_700_000_000_500)
      sum += value
      square += value * value
    }
    #expect(abs(sum / Double(count)) < 0.03)
    #expect(abs(square / Double(count) - 1) < 0.04)
  }

  @Test(arguments: [1, 7, 300, 5000, 123_456] as [Int64]) func theCacheChangesNothing(step: Int64) {
    let field = NoiseField(stream: RandomStream(seed: 9, device: 1, stream: 1), period: 5000, octaves: 4)
    let random = RandomStream(seed: 9, device: 1, stream: 2)
    var cache = NoiseCache()
    for count in 0..<2000 as Range<Int64> {
      // Mostly forwards, sometimes back, as no device does.
      let jump = count % 50 == 0 ? Int64(random.below(1_000_000, UInt64(count))) : 0
      let time = count * step - jump
      #expect(field.value(at: time, &cache) == field.value(at: time))
    }
  }

  @Test func neighbouringInstantsAreClose() {
    let field = NoiseField(stream: RandomStream(seed: 9, device: 1, stream: 1), period: 600_000, octaves: 1)
    for step in 0..<5000 as Range<Int64> {
      // Around 1970 as well, where cells change sign.
      let time = step * 977 - 2_000_000
      #expect(abs(field.value(at: time + 1000) - field.value(at: time)) < 0.05)
    }
  }
}
