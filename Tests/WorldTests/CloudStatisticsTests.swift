import Glibc
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// Regimes, cloud cover, ramps and enhancement over 10,000 device-days.
@Suite(.enabled(if: Build.isOptimised)) struct CloudStatisticsTests {
  static let days: Int64 = 10_000

  @Test(arguments: [0.2, 0.5, 0.75]) func morningsComeFromTheStationarySharesAndMovesFromTheMatrix(cloudiness: Double) {
    let regimes = SkyRegimes(cloudiness: cloudiness, random: RandomEntity(seed: 5, entity: 9))
    var mornings = [0, 0, 0]
    var evenings = [0, 0, 0]
    var moves = [[Int]](repeating: [0, 0, 0], count: 3)
    for number in 0..<Self.days {
      let day = regimes.day(number)
      mornings[Int(day[0].rawValue)] += 1
      evenings[Int(day[47].rawValue)] += 1
      for step in 1..<SkyRegimes.stepsPerDay { moves[Int(day[step - 1].rawValue)][Int(day[step].rawValue)] += 1 }
    }
    let shares = SkyRegimes.Regime.allCases.map(regimes.share)
    // Days are independent of each other, so a day's first and last regimes are samples in the strict sense.
    for counts in [mornings, evenings] {
      let fit = Statistics.chiSquare(counts, probabilities: shares)
      #expect(!fit.isImplausible, "\(fit)")
    }
    for from in SkyRegimes.Regime.allCases {
      var probabilities = SkyRegimes.Regime.allCases.map { regimes.probability(from: from, to: $0) }
      probabilities[Int(from.rawValue)] = 1 - probabilities.reduce(0, +)
      let possible = probabilities.indices.filter { probabilities[$0] > 0 }
      let counts = moves[Int(from.rawValue)]
      #expect(possible.map { counts[$0] }.reduce(0, +) == counts.reduce(0, +), "clear and overcast never follow each other directly")
      let fit = Statistics.chiSquare(possible.map { counts[$0] }, probabilities: possible.map { probabilities[$0] })
      #expect(!fit.isImplausible, "from \(from): \(fit)")
    }
  }

  @Test(arguments: [0.2, 0.35, 0.7]) func devicesAreUnderCloudForTheShareOfTimeThatTheSiteSays(cloudiness: Double) {
    let clouds = CloudsTests.place(cloudiness, seed: 11, extent: 2000).clouds
    let draws = RandomStream(seed: 3, device: 1, stream: 1)
    var covered = 0
    var cache = Clouds.Cache()
    for day in 0..<UInt64(Self.days) {
      let time = Int64(day) * Fleets.day + Int64(draws.below(UInt64(Fleets.day), 3 * day))
      let position = Clouds.Position(east: 2000 * draws.uniform(3 * day + 1) - 1000, north: 2000 * draws.uniform(3 * day + 2) - 1000)
      if clouds.clearSkyIndex(at: time, position: position, &cache) < 1 { covered += 1 }
    }
    let fit = Statistics.proportion(covered, of: Int(Self.days), probability: cloudiness)
    print("clouds: cloudiness \(cloudiness): \(Double(covered) / Double(Self.days)) of the time under cloud, \(fit)")
    #expect(!fit.isImplausible, "\(fit)")
  }

  /// Days with three broken hours from 10:00 on, solar time.
  static func brokenDays(_ place: SiteEnvironment, count: Int) -> [Int64] {
    var found: [Int64] = []
    var number = place.clock.day(at: Fleets.start)
    while found.count < count {
      let day = place.clouds.regimes.day(number)
      if (19..<27).allSatisfy({ day[$0] == .broken }) { found.append(number) }
      number += 1
    }
    return found
  }

  /// 10:00 of a day by the site's solar time.
  static func ten(_ place: SiteEnvironment, day: Int64) -> Milliseconds {
    let midnight = day * Fleets.day - Milliseconds((place.site.longitude * 240_000).rounded())
    return midnight + 10 * Fleets.hour
  }

  @Test func brokenSkiesRampAndShineAsMeasuredOnesDo() {
    let place = CloudsTests.place(0.5, seed: 4)
    var steepest = 0.0
    var steep = 0
    var brightest = 0.0
    var enhanced = 0
    var dark = 0
    var count = 0
    for day in Self.brokenDays(place, count: 30) {
      let start = Self.ten(place, day: day)
      var cache = Clouds.Cache()
      var last = place.clouds.clearSkyIndex(at: start, position: Clouds.Position(), &cache)
      for second in 1..<10_800 as Range<Int64> {
        let value = place.clouds.clearSkyIndex(at: start + second * 1000, position: Clouds.Position(), &cache)
        steepest = max(steepest, abs(value - last))
        if abs(value - last) > 0.1 { steep += 1 }
        brightest = max(brightest, value)
        if value > 1.1 { enhanced += 1 }
        if value < 0.6 { dark += 1 }
        count += 1
        last = value
      }
    }
    let share = { (part: Int) in Double(part) / Double(count) }
    print(
      "clouds: broken hours: steepest ramp \(100 * steepest) %/s, above 10 %/s in \(100 * share(steep)) % of seconds, brightest \(brightest)"
        + " of the clear sky, above 1.1 in \(100 * share(enhanced)) % and below 0.6 in \(100 * share(dark)) %")
    // Jarvela et al. (2018): up to 60 % within a second, and most seconds calm.
    #expect(steepest > 0.15 && steepest < 0.6)
    #expect(share(steep) > 0.0001 && share(steep) < 0.05)
    #expect(brightest > 1.3 && brightest <= 1.5)
    #expect(share(enhanced) > 0.02 && share(enhanced) < 0.3)
    // Two peaks: a sky of broken clouds is bright or dark, and rarely in between.
    #expect(share(dark) > 0.3 && share(dark) < 0.55)
  }

  @Test func theCloudsDriftAsSaid() {
    let clouds = CloudsTests.place(0.5, seed: 8).clouds
    let drifts = (0..<Self.days).map { clouds.drift(day: $0) }
    let speeds = drifts.map(\.speed).filter { $0 > 3 && $0 < 25 }
    let distribution = Distributions.logNormal(median: 9, spread: 0.4)
    let (low, high) = (distribution(3), distribution(25))
    let speed = Statistics.kolmogorovSmirnov(speeds) { (distribution($0) - low) / (high - low) }
    #expect(!speed.isImplausible, "\(speed)")
    let direction = Statistics.kolmogorovSmirnov(
      drifts.map { atan2($0.east, $0.north) }, Distributions.uniform(from: -.pi, to: .pi))
    #expect(!direction.isImplausible, "\(direction)")
  }

  @Test func devicesStandAllOverTheirSite() {
    let clouds = CloudsTests.place(0.5, seed: 8, extent: 3000).clouds
    let positions = (0..<UInt64(Self.days)).map { clouds.position(of: RandomEntity(seed: 8, entity: $0)) }
    for values in [positions.map(\.east), positions.map(\.north)] {
      let fit = Statistics.kolmogorovSmirnov(values, Distributions.uniform(from: -1500, to: 1500))
      #expect(!fit.isImplausible, "\(fit)")
    }
    let fit = CloudsTests.correlation(positions.map(\.east), positions.map(\.north))
    #expect(abs(fit) < 0.04)
  }
}
