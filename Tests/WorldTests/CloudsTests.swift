import Testing

@testable import FleetSpec
@testable import World

@Suite struct CloudsTests {
  static func place(_ cloudiness: Double, seed: UInt64, extent: Double = 500) -> SiteEnvironment {
    var site = Fleets.site(cloudiness: cloudiness)
    site.extent = extent
    return SiteEnvironment(site: site, fleet: Fleets.fleet(seed: seed), start: Fleets.start)
  }

  @Test func theExtremesAreCloudlessAndClosed() {
    let none = Self.place(0, seed: 1).clouds
    let all = Self.place(1, seed: 1).clouds
    for minute in 0..<5000 as Range<Int64> {
      let time = Fleets.start + minute * 60_000
      #expect(none.clearSkyIndex(at: time) == 1)
      let index = all.clearSkyIndex(at: time)
      #expect(index >= Clouds.thickest && index <= Clouds.thinnest)
    }
  }

  @Test(arguments: [0.1, 0.4, 0.8]) func theShareOfTimeUnderCloudIsTheCloudiness(cloudiness: Double) {
    var covered = 0
    var brightest = 0.0
    var darkest = 1.0
    let samples = 40_000
    for index in 0..<samples {
      let clouds = Self.place(cloudiness, seed: UInt64(index / 20)).clouds
      let value = clouds.clearSkyIndex(at: Fleets.start + Int64(index % 20) * 7 * 3_600_000)
      darkest = min(darkest, value)
      if value < 1 { covered += 1 }
      brightest = max(brightest, value)
    }
    #expect(abs(Double(covered) / Double(samples) - cloudiness) < 0.02)
    #expect(brightest > 1.2 && brightest <= 1 + Clouds.greatestEnhancement)
    #expect(darkest < 0.35 && darkest >= Clouds.thickest)
  }

  @Test(arguments: [0.2, 0.5, 0.75]) func regimesAreAMarkovChainWithTheSharesThatTheCloudinessAsksFor(cloudiness: Double) {
    let regimes = SkyRegimes(cloudiness: cloudiness, random: RandomEntity(seed: 5, entity: 9))
    var counts = [0, 0, 0]
    var moves = [[Int]](repeating: [0, 0, 0], count: 3)
    let days: Int64 = 10_000
    for number in 0..<days {
      let day = regimes.day(number)
      for step in 0..<SkyRegimes.stepsPerDay {
        counts[Int(day[step].rawValue)] += 1
        if step > 0 { moves[Int(day[step - 1].rawValue)][Int(day[step].rawValue)] += 1 }
      }
    }
    for from in SkyRegimes.Regime.allCases {
      let share = Double(counts[Int(from.rawValue)]) / Double(days * 48)
      #expect(abs(share - regimes.share(of: from)) < 0.015)
      let row = moves[Int(from.rawValue)]
      let total = Double(row.reduce(0, +))
      for to in SkyRegimes.Regime.allCases where to != from {
        let expected = regimes.probability(from: from, to: to)
        // Four standard errors of a share of independent trials.
        #expect(abs(Double(row[Int(to.rawValue)]) / total - expected) <= 4 * (expected * (1 - expected) / total).squareRoot())
      }
    }
  }

  @Test func brokenSkiesRampWithinSecondsButNeverJump() {
    var steepest = 0.0
    for seed in 0..<60 as Range<UInt64> {
      let clouds = Self.place(0.5, seed: seed).clouds
      var cache = Clouds.Cache()
      var last = clouds.clearSkyIndex(at: Fleets.start, position: Clouds.Position(), &cache)
      for second in 1..<3600 as Range<Int64> {
        let value = clouds.clearSkyIndex(at: Fleets.start + second * 1000, position: Clouds.Position(), &cache)
        steepest = max(steepest, abs(value - last))
        last = value
      }
    }
    #expect(steepest > 0.1)
    #expect(steepest < 0.7)
  }

  static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let meanA = a.reduce(0, +) / Double(a.count)
    let meanB = b.reduce(0, +) / Double(b.count)
    var ab = 0.0
    var aa = 0.0
    var bb = 0.0
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }

  @Test func neighboursSeeTheSameCloudsLaterAndFarDevicesOtherOnes() {
    var near = 0.0
    var far = 0.0
    var lagged = 0.0
    let seeds = 40
    for seed in 0..<UInt64(seeds) {
      let place = Self.place(0.5, seed: seed, extent: 4000)
      let drift = place.clouds.drift(day: place.clock.day(at: Fleets.start + 10 * 3_600_000))
      func series(_ along: Double, _ across: Double, delay: Milliseconds = 0) -> [Double] {
        var cache = Clouds.Cache()
        let position = Clouds.Position(
          east: along * drift.east + across * drift.north, north: along * drift.north - across * drift.east)
        return (0..<720).map {
          place.clouds.clearSkyIndex(at: Fleets.start + 10 * 3_600_000 + delay + $0 * 10_000, position: position, &cache)
        }
      }
      let here = series(0, 0)
      guard Set(here).count > 100 else { continue }
      near += Self.correlation(here, series(20, 20))
      far += Self.correlation(here, series(1500, 1200))
      lagged += Self.correlation(here, series(1500, 0, delay: Milliseconds(1500 / drift.speed * 1000)))
    }
    #expect(near > 1.5 * far)
    // What passes here passes there, after the time that the clouds need.
    #expect(lagged > 0.9 * near)
  }

  @Test func rainFallsFromOvercastSkiesOnlyAndAsMuchAsAYearBrings() {
    let place = Self.place(0.6, seed: 3)
    var year = 0.0
    for day in 20_000..<20_365 as Range<Int64> {
      let total = place.rain.total(day: day)
      let states = place.clouds.regimes.day(day)
      if !(0..<48).contains(where: { states[$0] == .overcast }) { #expect(total == 0) }
      year += total
    }
    #expect(year > 500 && year < 1300)
  }
}
