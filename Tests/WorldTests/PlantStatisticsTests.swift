import Glibc
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// What is drawn has the distribution that was asked for.
@Suite struct PlantStatisticsTests {
  private static func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  private static func devices(_ count: Int, seed: UInt64 = 11) -> [RandomEntity] {
    (1...count).map { RandomEntity(seed: seed, entity: Entity.number(of: "inv-\($0)")) }
  }

  @Test func degradationHasThePublishedMedianAndMean() {
    var plant = Fleets.plant
    plant.degradation = 0.005
    plant.age = 5
    let ageing = Degradation(plant)
    let devices = Self.devices(10_000)
    let rates = devices.map { ageing.rate(of: $0) }
    let fit = Statistics.kolmogorovSmirnov(rates) { Self.normal(log($0 / 0.005) / Degradation.spread) }
    let median = rates.sorted()[5000]
    let mean = rates.mean
    print("degradation: median \(median * 100) %/year, mean \(mean * 100) %/year, \(fit)")
    #expect(!fit.isImplausible)
    #expect(abs(median / 0.005 - 1) < 0.03 && mean > 0.007 && mean < 0.009)
    for (device, rate) in zip(devices, rates).prefix(100) {
      #expect(abs(ageing.factor(of: device, elapsed: 1) - max(0, 1 - 6 * rate)) < 1e-12)
    }
    #expect(Degradation(Fleets.plant).factor(of: devices[0], elapsed: 30) == 1)
  }

  @Test func stringsDifferAsMuchAsAsked() {
    let factors = Self.devices(2000).flatMap { device in
      (1...5).map { (StringMismatch.factor(of: device, string: $0, deviation: 0.03) - 1) / 0.03 }
    }
    let fit = Statistics.kolmogorovSmirnov(factors, Self.normal)
    print("string mismatch: \(fit)")
    #expect(!fit.isImplausible)
  }

  @Test func everyStringBlowsItsFuseAsOften() {
    var plant = Fleets.plant
    plant.strings = 12
    let model = ProfileModel(Fleets.profile(plant: plant), start: Fleets.start)
    var counts = [Int](repeating: 0, count: 12)
    for device in Self.devices(500) {
      for episode in 0..<20 as Range<Int64> { counts[model.blownString(of: device, since: Fleets.start + episode * 7_654_321) - 1] += 1 }
    }
    let fit = Statistics.chiSquare(counts, probabilities: [Double](repeating: 1.0 / 12, count: 12))
    print("string of a blown fuse: \(fit)")
    #expect(!fit.isImplausible)
  }

  /// Kimber's recursion, day by day from far back, against the look back from a single day.
  @Test func dirtGrowsByTheDayAndGoesWithTheRain() {
    var cleaned = 0
    var days = 0.0
    for seed in 0..<10 as Range<UInt64> {
      let place = SiteEnvironment(site: Fleets.site(cloudiness: 0.45), fleet: Fleets.fleet(seed: seed), start: Fleets.start)
      let first: Int64 = 20_000
      var dirt = 0.0
      var isKnown = false
      for day in first..<(first + 400) {
        if isKnown {
          let factor = Soiling.factor(rate: 0.0015, dryDays: Soiling.dryDays(before: day, rain: place.rain))
          #expect(abs(factor - (1 - dirt)) < 1e-9)
        }
        days += 1
        if place.rain.total(day: day) >= Soiling.cleaningRain {
          dirt = 0
          isKnown = true
          cleaned += 1
        } else {
          dirt = min(dirt + 0.0015, Soiling.cap)
        }
      }
    }
    print("soiling: \(Double(cleaned) / days * 365) cleaning days a year at a cloudiness of 0.45")
    #expect(cleaned > 0)
    #expect(Soiling.factor(rate: 0.0015, dryDays: 100) == 0.85 && Soiling.factor(rate: 0.0015, dryDays: 10_000) == 0.7)
  }

  @Test func dirtTakesItsShareOfThePower() {
    var dirty = Fleets.plant
    dirty.soiling = 0.0015
    let sensors = PlantFleets.sensors(.dcPower)
    let site = [Fleets.site(latitude: 30, cloudiness: 0.4)]
    let clean = PlantFleets.samples(PlantFleets.world(interval: 600_000, sensors: sensors, sites: site), days: 40)
    let world = PlantFleets.world(interval: 600_000, plant: dirty, sensors: sensors, sites: site)
    let place = world.places[0]
    var ratios: Set<Int> = []
    for (dirt, none) in zip(PlantFleets.samples(world, days: 40), clean) where none.values[0] > 1000 && none.values[0] < 9000 {
      let expected = Soiling.factor(rate: 0.0015, dryDays: Soiling.dryDays(before: place.clock.day(at: dirt.time), rain: place.rain))
      #expect(abs(dirt.values[0] / none.values[0] - expected) < 1e-9)
      ratios.insert(Int((expected * 10_000).rounded()))
    }
    #expect(ratios.count > 5)
  }

  @Test func aHouseholdUsesOnAverageWhatItShould() {
    var sum = 0.0
    for minute in 0..<1440 { sum += Household.shape(hour: Double(minute) / 60) }
    #expect(abs(sum / 1440 - 1) < 0.001)
    let household = Household(Load(average: 450), localTime: LocalTime(rules: .universal))
    var powers: [Double] = []
    for device in Self.devices(200) {
      for step in 0..<500 as Range<Int64> {
        powers.append(household.power(at: Fleets.start + step * 7_200_000 + step * 777_000, of: device))
      }
    }
    print("household: \(powers.mean) W on average, 450 W asked for")
    #expect(abs(powers.mean / 450 - 1) < 0.02)
    #expect(powers.min() ?? 0 > 0)
  }

  @Test func curtailmentTakesItsShareOfTheTime() {
    var shares: [Double] = []
    let sites = (0..<60).map { Fleets.site("site-\($0)") }
    let world = PlantFleets.world(sensors: PlantFleets.sensors(.acPower), sites: sites, count: 60) {
      $0.grid.curtailment = Outages(every: 20 * Fleets.hour, length: 4 * Fleets.hour, spread: 0)
    }
    let end = Fleets.start + 200 * Fleets.day
    for device in world.devices.indices {
      let events = world.timeline(device: device, from: Fleets.start, to: end, readings: false).filter { $0.fault == .curtailed }
      shares.append(events.reduce(0) { $0 + Double(min($1.end, end) - $1.start) } / Double(end - Fleets.start))
    }
    #expect(abs(shares.mean - 4.0 / 24) < 0.005)
  }

  @Test func spreadingFactorsFollowTheLink() {
    var counts = [Int](repeating: 0, count: 13)
    for device in Self.devices(3000) {
      let factor = LongRangeRadio.spreadingFactor(of: device)
      counts[Int(factor)] += 1
      var ratios: [Double] = []
      for hour in 0..<48 as Range<Int64> {
        let strength = LongRangeRadio.strength(at: Fleets.start + hour * 4_000_000, device: device)
        let ratio = LongRangeRadio.signalToNoise(strength: strength)
        #expect(strength >= -137 && strength <= -30 && ratio >= -20 && ratio <= 10)
        ratios.append(ratio)
      }
      // A device that is heard well sends fast.
      if ratios.mean > 8 { #expect(factor == 7) }
      if ratios.mean < -14 { #expect(factor == 12) }
    }
    #expect(counts[0..<7].allSatisfy { $0 == 0 } && counts[7...12].allSatisfy { $0 > 30 } && counts[7] > counts[12])
  }

  @Test func aPrimaryCellIsFlatUntilItsEnd() {
    var old = 0
    for device in Self.devices(300) {
      let charge = PrimaryCell.stateOfCharge(elapsed: 0, device: device)
      #expect(charge > 0.099 && charge <= 1 && PrimaryCell.stateOfCharge(elapsed: 1, device: device) <= charge)
      func voltage(_ ambient: Double, _ elapsed: Double) -> Double {
        // The idle voltage: the highest of a series.
        (0..<20 as Range<Int64>).map { PrimaryCell.voltage(ambient: ambient, elapsed: elapsed, at: Fleets.start + $0, device: device) }
          .max() ?? 0
      }
      #expect(voltage(-30, 0) < voltage(20, 0) && voltage(20, 0) > 3.4 && voltage(20, 20) < 2.4)
      if voltage(20, 0.5) < 3.6 { old += 1 }
    }
    #expect(old < 60)
  }
}
