import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// How clouds connect the devices of a site.
@Suite(.enabled(if: Build.isOptimised)) struct CloudFieldTests {
  /// Mean correlation of a device in the middle with others, over days with broken skies.
  /// - Parameter others: where each of them stands, metres along and across the drift of the clouds, and by how much later it is looked at.
  static func correlations(_ others: [(along: Double, across: Double, delay: (Double) -> Milliseconds)], days: Int) -> [Double] {
    let place = CloudsTests.place(0.5, seed: 21, extent: 8000)
    var sums = [Double](repeating: 0, count: others.count)
    for day in CloudStatisticsTests.brokenDays(place, count: days) {
      let drift = place.clouds.drift(day: day)
      let start = CloudStatisticsTests.ten(place, day: day)
      func series(_ along: Double, _ across: Double, _ delay: Milliseconds) -> [Double] {
        var cache = Clouds.Cache()
        let position = Clouds.Position(
          east: along * drift.east + across * drift.north, north: along * drift.north - across * drift.east)
        return (0..<360).map { place.clouds.clearSkyIndex(at: start + delay + $0 * 20_000, position: position, &cache) }
      }
      let here = series(0, 0, 0)
      for (index, other) in others.enumerated() {
        sums[index] += CloudsTests.correlation(here, series(other.along, other.across, other.delay(drift.speed)))
      }
    }
    return sums.map { $0 / Double(days) }
  }

  @Test func correlationFallsWithDistanceInEveryDirection() {
    let distances = [20.0, 100, 400, 1600]
    let along = Self.correlations(distances.map { ($0, 0, { _ in 0 }) }, days: 24)
    let across = Self.correlations(distances.map { (0, $0, { _ in 0 }) }, days: 24)
    print("clouds: correlation at 20, 100, 400, 1600 m along the wind \(along), across \(across)")
    for series in [along, across] {
      #expect(zip(series, series.dropFirst()).allSatisfy { $0 > $1 })
      #expect(series[0] > 0.95 && series[3] < 0.6)
    }
    // Clouds are as wide as they are long.
    #expect(zip(along, across).allSatisfy { abs($0 - $1) < 0.2 })
  }

  @Test func theFieldIsStandardNormalEverywhere() {
    var values: [Double] = []
    var cache = CloudField.Cache()
    for seed in 0..<10_000 as Range<UInt64> {
      let field = CloudField(extent: 2000, random: RandomEntity(seed: seed, entity: 1))
      cache = CloudField.Cache()
      values.append(field.value(at: 1_782_000_123_456 + Int64(seed) * 77_777, across: Double(seed % 1400) - 700, &cache))
    }
    let fit = Statistics.kolmogorovSmirnov(values, Distributions.normal(mean: 0, deviation: 1))
    #expect(!fit.isImplausible, "\(fit)")
  }

  @Test func correlationRisesAgainWhenTheCloudsHaveArrived() {
    let distance = 2000.0
    let shares = [0.0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]
    let lagged = Self.correlations(
      shares.map { share in (distance, 0, { speed in Milliseconds((share * distance / speed * 1000).rounded()) }) }, days: 24)
    print("clouds: correlation at 2000 m along the wind, after 0, 1/4 ... 3/2 of the time that the clouds need: \(lagged)")
    #expect(lagged.max() == lagged[4])
    #expect(lagged[4] > 0.999)
    #expect(lagged[0] < 0.6 && lagged[6] < 0.7)
  }

  /// Where the sun does not set, midnight must not show.
  @Test func nothingJumpsAtMidnight() {
    var steepest = 0.0
    for seed in 0..<300 as Range<UInt64> {
      let place = CloudsTests.place(0.5, seed: seed, extent: 5000)
      let midnight = CloudStatisticsTests.ten(place, day: 20_000) + 14 * Fleets.hour
      let position = Clouds.Position(east: 1800, north: -1700)
      var cache = Clouds.Cache()
      var last = place.clouds.clearSkyIndex(at: midnight - 3000, position: position, &cache)
      for tick in -14..<600 as Range<Int64> {
        let value = place.clouds.clearSkyIndex(at: midnight + tick * 200, position: position, &cache)
        steepest = max(steepest, abs(value - last))
        last = value
      }
    }
    #expect(steepest < 0.2, "within a fifth of a second")
  }

  @Test(arguments: [1000, 60_000, 7_200_000] as [Milliseconds]) func theCacheAndTheOrderOfDevicesChangeNothing(step: Milliseconds) {
    let place = CloudsTests.place(0.5, seed: 2, extent: 3000)
    let positions = (0..<5 as Range<UInt64>).map { place.clouds.position(of: RandomEntity(seed: 2, entity: $0)) }
    var shared = Clouds.Cache()
    for tick in 0..<400 as Range<Int64> {
      let time = Fleets.start + tick * step
      for position in tick % 2 == 0 ? positions : positions.reversed() {
        #expect(
          place.clouds.clearSkyIndex(at: time, position: position, &shared) == place.clouds.clearSkyIndex(at: time, position: position))
      }
      var own = Clouds.Cache()
      #expect(place.clouds.regime(at: time, &shared) == place.clouds.regime(at: time, &own))
      #expect(place.clouds.cover(at: time, &shared) == place.clouds.cover(at: time, &own))
    }
  }
}
