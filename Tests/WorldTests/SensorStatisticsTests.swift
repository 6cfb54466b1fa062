import Glibc
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// Whether what goes wrong with sensors is distributed as it was asked for.
@Suite(.enabled(if: Build.isOptimised)) struct SensorStatisticsTests {
  static let devices = 0..<10_000 as Range<UInt64>
  static let year: Milliseconds = 31_556_926_080

  private func stream(_ device: UInt64, _ number: UInt64 = 8192) -> RandomStream { RandomEntity(seed: 7, entity: device).stream(number) }

  private func expectFit(_ fit: GoodnessOfFit, _ location: SourceLocation = #_sourceLocation) {
    #expect(!fit.isImplausible, "\(fit)", sourceLocation: location)
  }

  @Test(arguments: [0.25, 1, 4, 40]) func theVarianceOfTheRandomWalkGrowsLinearly(years: Double) {
    let time = Milliseconds(years * Double(SensorStatisticsTests.year))
    let values = SensorStatisticsTests.devices.map { RandomWalk.value(after: time, epoch: 0, stream($0)) }
    expectFit(Statistics.kolmogorovSmirnov(values, Distributions.normal(mean: 0, deviation: years.squareRoot())))
  }

  @Test func stepsOfTheRandomWalkAreIndependentOfWhatWasBefore() {
    let month = SensorStatisticsTests.year / 12
    var steps: [Double] = []
    var product = 0.0
    for device in SensorStatisticsTests.devices {
      let walk = (0...2).map { RandomWalk.value(after: SensorStatisticsTests.year + Milliseconds($0) * month, epoch: 0, stream(device)) }
      steps.append(walk[2] - walk[1])
      product += (walk[2] - walk[1]) * (walk[1] - walk[0])
    }
    expectFit(Statistics.kolmogorovSmirnov(steps, Distributions.normal(mean: 0, deviation: (1.0 / 12).squareRoot())))
    // The correlation of independent steps has a standard deviation of 1 %.
    #expect(abs(product / Double(steps.count) * 12) < 0.04)
    #expect(RandomWalk.value(after: 0, epoch: 3, stream(1)) == 0)
    #expect(RandomWalk.value(after: month, epoch: 0, stream(1)) != RandomWalk.value(after: month, epoch: 1, stream(1)))
  }

  @Test func theRandomWalkIsContinuous() {
    // Across a boundary of the finest level, of a span of 34.8 years, and of half of it.
    for boundary in [1 << 26, 1 << 39, 1 << 40, 3 << 40] as [Milliseconds] {
      let before = RandomWalk.value(after: boundary - 1, epoch: 0, stream(3))
      #expect(abs(RandomWalk.value(after: boundary, epoch: 0, stream(3)) - before) < 1e-6)
    }
  }

  @Test func flickerNoiseIsNormal() {
    let values = SensorStatisticsTests.devices.map { FlickerNoise.value(at: Fleets.start, stream($0)) }
    expectFit(Statistics.kolmogorovSmirnov(values, Distributions.normal(mean: 0, deviation: 1)))
  }

  /// The mean power of many devices at frequencies a factor of 2 apart falls by half each time.
  @Test func theSpectrumOfFlickerNoiseFallsWithTheFrequency() {
    let count = 8192
    let spacing: Milliseconds = 8_192
    let cycles = (0..<9).map { 4 << $0 }
    var power = [Double](repeating: 0, count: cycles.count)
    for device in 0..<48 as Range<UInt64> {
      let noise = (0..<count).map { FlickerNoise.value(at: Fleets.start + Milliseconds($0) * spacing, stream(device)) }
      for (index, cycle) in cycles.enumerated() {
        // Four neighbouring frequencies each.
        for neighbour in 0..<4 {
          let step = 2 * Double.pi * Double(cycle + neighbour) / Double(count)
          var (real, imaginary) = (0.0, 0.0)
          for (position, value) in noise.enumerated() {
            let angle = step * Double(position)
            real += value * cos(angle)
            imaginary += value * sin(angle)
          }
          power[index] += real * real + imaginary * imaginary
        }
      }
    }
    let points = zip(cycles, power).map { (log(Double($0) + 1.5), log($1)) }
    let meanX = points.map(\.0).reduce(0, +) / Double(points.count)
    let meanY = points.map(\.1).reduce(0, +) / Double(points.count)
    let slope =
      points.map { ($0.0 - meanX) * ($0.1 - meanY) }.reduce(0, +) / points.map { ($0.0 - meanX) * ($0.0 - meanX) }.reduce(0, +)
    #expect(abs(slope + 1) < 0.15, "slope \(slope)")
  }

  @Test func linearDriftAndWhiteNoiseAreNormal() {
    let drifting = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 6, -500...500, gain: 0, drift: 0.05)
    let noisy = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 6, -500...500, gain: 0, noise: 0.3)
    let drift = SensorStatisticsTests.devices.map {
      Double(SensorDesignTests.model(drifting, seed: $0).measure(20, ordinal: 0, elapsed: SensorStatisticsTests.year).value) / 1e6 - 20
    }
    expectFit(Statistics.kolmogorovSmirnov(drift, Distributions.normal(mean: 0, deviation: 0.05)))
    let sensor = SensorDesignTests.model(noisy)
    let noise = SensorStatisticsTests.devices.map { Double(sensor.measure(20, ordinal: $0, elapsed: 0).value) / 1e6 - 20 }
    expectFit(Statistics.kolmogorovSmirnov(noise, Distributions.normal(mean: 0, deviation: 0.3)))
  }

  @Test func sensorsDieAtExponentiallyDistributedAges() {
    let death = SlowDeath(life: 20 * SensorStatisticsTests.year, dying: 0)
    let ages = SensorStatisticsTests.devices.map { Double(death.onset(stream($0))) }
    expectFit(Statistics.kolmogorovSmirnov(ages, Distributions.exponential(mean: 20 * Double(SensorStatisticsTests.year))))
  }

  @Test func theFirstRecalibrationFallsAnywhereInTheInterval() {
    let visits = Recalibration(interval: SensorStatisticsTests.year)
    let firsts = SensorStatisticsTests.devices.map { Double(visits.instant(1, stream($0))) }
    expectFit(Statistics.kolmogorovSmirnov(firsts, Distributions.uniform(from: 0, to: Double(SensorStatisticsTests.year))))
    for device in 0..<100 as Range<UInt64> {
      let instant = visits.instant(3, stream(device))
      #expect(visits.count(elapsed: instant - 1, stream(device)) == 2 && visits.count(elapsed: instant, stream(device)) == 3)
    }
  }

  /// 100 devices over 100 days.
  @Test func episodesAreSpacedAndAsLongAsAskedFor() {
    var sensor = Fleets.weatherSensors[4]
    sensor.troubles.stuck = Outages(every: 2 * Fleets.day, length: 6 * Fleets.hour, spread: 0.5)
    sensor.troubles.dropouts = Outages(every: Fleets.day, length: Fleets.hour, spread: 1)
    let world = World(
      fleet: Fleets.fleet(profiles: [Fleets.profile(interval: Fleets.hour, plant: nil, sensors: [sensor])], count: 100), start: Fleets.start
    )
    for (fault, gap, length, spread, count) in [(Fault.stuck, 2.0, 6.0, 0.5, 20), (.dropout, 1.0, 1.0, 1.0, 40)] {
      var gaps: [Double] = []
      var lengths: [Double] = []
      for device in world.devices.indices {
        let events = world.timeline(device: device, from: Fleets.start, to: Fleets.start + 100 * Fleets.day, readings: false)
          .filter { $0.fault == fault }
        #expect(events.count > count && events.allSatisfy { $0.cause == .sensor && $0.sensor == 0 })
        var last = Fleets.start
        // The same number of each device: those that happen to fit into the days would be the shorter ones.
        for event in events.prefix(count) {
          gaps.append(Double(event.start - last))
          lengths.append(Double(event.end - event.start))
          last = event.end
        }
      }
      expectFit(Statistics.kolmogorovSmirnov(gaps, Distributions.exponential(mean: gap * Double(Fleets.day))))
      expectFit(Statistics.kolmogorovSmirnov(lengths, Distributions.logNormal(median: length * Double(Fleets.hour), spread: spread)))
    }
  }

  /// 100 devices over 100 days, a reading every quarter of an hour.
  @Test func spikesDropoutsAndBrokenPayloadsComeAsOftenAsAskedFor() {
    var sensor = Fleets.sensor(.pressure, .pressure, "hPa", decimals: 3, 0...5000, gain: 0)
    sensor.troubles.spikes = 0.01
    sensor.troubles.spikeSize = 100
    sensor.troubles.dropout = 0.02
    var profile = Fleets.profile(interval: 900_000, plant: nil, sensors: [sensor], malformed: 0.03)
    profile.faults.malformedKinds = MalformedKind.allCases.enumerated().map { MalformedWeight($1, Double(1 + $0)) }
    let world = World(fleet: Fleets.fleet(profiles: [profile], count: 100), start: Fleets.start)
    let workspace = world.workspace()
    var samples = 0
    var readings = 0
    var jumps: [Double] = []
    var kinds = [Int](repeating: 0, count: Malformation.allCases.count)
    for device in world.devices.indices {
      var stream = world.stream(device: device, in: workspace)
      while stream.nextSampleTime < Fleets.start + 100 * Fleets.day {
        stream.sample()
        samples += 1
        guard stream.readingCount == 1 else { continue }
        let reading = stream.reading(0)
        readings += 1
        kinds[Int(reading.malformation.rawValue)] += 1
        #expect(reading.faults.contains(.malformed) == (reading.malformation != .none))
        if reading.faults.contains(.spike), reading.malformation != .outOfRange {
          jumps.append(Double(reading.value) / 1000 - stream.truth(0))
        }
      }
    }
    #expect(samples > 950_000)
    expectFit(Statistics.proportion(samples - readings, of: samples, probability: 0.02))
    let others = readings - kinds[Int(Malformation.outOfRange.rawValue)]
    expectFit(Statistics.proportion(jumps.count, of: others, probability: 0.01))
    expectFit(Statistics.proportion(jumps.count { $0 > 0 }, of: jumps.count, probability: 0.5))
    expectFit(Statistics.kolmogorovSmirnov(jumps.map(abs), Distributions.uniform(from: 50, to: 150)))
    expectFit(Statistics.proportion(readings - kinds[0], of: readings, probability: 0.03))
    let weights = profile.faults.malformedKinds.map { (Int(Malformation($0.kind).rawValue), $0.weight / 66) }
    expectFit(Statistics.chiSquare(weights.map { kinds[$0.0] }, probabilities: weights.map(\.1)))
  }
}
