import Testing

@testable import FleetSpec
@testable import World

@Suite struct CloudsTests {
  static func clouds(_ cloudiness: Double, seed: UInt64) -> Clouds {
    Clouds(site: Fleets.site(cloudiness: cloudiness), seed: seed, entity: 7)
  }

  @Test func theExtremesAreCloudlessAndClosed() {
    let none = CloudsTests.clouds(0, seed: 1)
    let all = CloudsTests.clouds(1, seed: 1)
    for minute in 0..<5000 as Range<Int64> {
      let time = Fleets.start + minute * 60_000
      #expect(none.clearSkyIndex(at: time) == 1)
      #expect(none.regime(at: time) == .clear)
      let index = all.clearSkyIndex(at: time)
      #expect(index >= Clouds.thickest && index <= Clouds.thinnest)
      #expect(all.regime(at: time) == .overcast)
    }
  }

  @Test(arguments: [0.1, 0.4, 0.8]) func theShareOfTimeUnderCloudIsTheCloudiness(cloudiness: Double) {
    var covered = 0
    var brightest = 0.0
    var darkest = 1.0
    var regimes: [Clouds.Regime: Int] = [:]
    let samples = 40_000
    for index in 0..<samples {
      let clouds = CloudsTests.clouds(cloudiness, seed: UInt64(index / 20))
      let time = Fleets.start + Int64(index % 20) * 7 * 3_600_000
      let value = clouds.clearSkyIndex(at: time)
      darkest = min(darkest, value)
      if value < 1 { covered += 1 }
      brightest = max(brightest, value)
      regimes[clouds.regime(at: time), default: 0] += 1
    }
    #expect(abs(Double(covered) / Double(samples) - cloudiness) < 0.02)
    #expect(brightest > 1.15 && brightest <= 1 + Clouds.greatestEnhancement)
    #expect(darkest < 0.35 && darkest >= Clouds.thickest)
    #expect(regimes.count == 3)
  }

  @Test func brokenSkiesRampWithinSecondsButNeverJump() {
    var steepest = 0.0
    for seed in 0..<30 as Range<UInt64> {
      let clouds = CloudsTests.clouds(0.5, seed: seed)
      var last = clouds.clearSkyIndex(at: Fleets.start)
      for second in 1..<3600 as Range<Int64> {
        let value = clouds.clearSkyIndex(at: Fleets.start + second * 1000)
        steepest = max(steepest, abs(value - last))
        last = value
      }
    }
    #expect(steepest > 0.1)
    #expect(steepest < 0.7)
  }
}
