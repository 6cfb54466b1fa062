import Testing

@testable import FleetSpec
@testable import World

@Suite struct DeviceStreamTests {
  static func readings(_ world: World, device: Int, until end: Milliseconds) -> [Reading] {
    var stream = world.stream(device: device)
    var readings: [Reading] = []
    while stream.nextSampleTime < end {
      stream.sample()
      for sensor in 0..<stream.readingCount { readings.append(stream.reading(sensor)) }
    }
    return readings
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func sequenceNumbersHaveNoGapAndBootsFollowThePowerCuts(seed: UInt64) {
    let world = World(fleet: Fleets.troubled(seed: seed), start: Fleets.start)
    for device in world.devices.indices {
      let profile = world.profile(of: device)
      let readings = DeviceStreamTests.readings(world, device: device, until: Fleets.start + 2 * Fleets.day)
      #expect(readings.map(\.seq) == (0..<Int64(readings.count)).map { $0 })
      #expect(readings.map { Int($0.sensor) } == readings.indices.map { $0 % profile.sensors.count })
      var schedule = world.powerOutages(device: device)
      var boot: Int32 = 1
      var lastEnd = Milliseconds.min
      var wrong = 0
      for reading in readings {
        while schedule.current.end <= reading.trueTime {
          boot += 1
          lastEnd = schedule.current.end
          schedule.advance()
        }
        let isPowered = reading.trueTime < schedule.current.start
        let hasBooted = lastEnd == .min || reading.trueTime >= lastEnd + 1000
        if reading.boot != boot || !isPowered || !hasBooted { wrong += 1 }
      }
      #expect(wrong == 0)
      #expect(readings.last?.boot ?? 0 > 1)
    }
  }

  @Test func samplesLieOnTheirSlotsAndNoneIsMissingWhilePowerIsOn() {
    let fleet = Fleets.troubled(seed: 3)
    let world = World(fleet: fleet, start: Fleets.start)
    for device in world.devices.indices {
      let interval = world.profile(of: device).interval
      let end = Fleets.start + Fleets.day
      var times = DeviceStreamTests.readings(world, device: device, until: end).map(\.trueTime)
      times = times.enumerated().filter { $0.offset == 0 || times[$0.offset - 1] != $0.element }.map(\.element)
      let outages = OutageScheduleTests.outages(world.powerOutages(device: device), until: end)
      let phase = (times[0] - Fleets.start) % interval
      var expected: [Milliseconds] = []
      for slot in stride(from: Fleets.start + phase, to: end, by: Int(interval)) {
        let isDown = outages.contains { $0.start <= slot && slot < $0.end + 1000 }
        if !isDown { expected.append(slot) }
      }
      #expect(times == expected)
    }
  }

  @Test func phasesSpreadTheSamplesOverTheInterval() {
    let world = World(fleet: Fleets.fleet(count: 2000), start: Fleets.start)
    var quarters = [0, 0, 0, 0]
    for device in world.devices.indices {
      let phase = world.stream(device: device).nextSampleTime - Fleets.start
      #expect(phase >= 0 && phase < 10_000)
      quarters[Int(phase / 2500)] += 1
    }
    #expect(quarters.allSatisfy { abs($0 - 500) < 90 })
  }

  @Test func powerIsWithinCapacityAndZeroAtNight() {
    var sensors = [Fleets.sensor(.acPower, .power, "W", decimals: 3, 0...100_000, gain: 0)]
    sensors.append(Fleets.sensor(.dcPower, .power, "W", decimals: 3, 0...100_000, gain: 0))
    sensors.append(Fleets.sensor(.energyTotal, .energy, "Wh", decimals: 3, 0...1e12, gain: 0))
    sensors.append(Fleets.sensor(.planeIrradiance, .other, "W/m2", decimals: 3, 0...3000, gain: 0))
    for seed in 0..<3 as Range<UInt64> {
      let fleet = Fleets.fleet(seed: seed, profiles: [Fleets.profile(interval: 60_000, sensors: sensors)])
      let readings = DeviceStreamTests.readings(
        World(fleet: fleet, start: Fleets.start), device: 0, until: Fleets.start + 2 * Fleets.day)
      let observer = SunPosition.Observer(latitude: 48.1, longitude: 11.6)
      var energy = readings[2].value
      var brightest: Int64 = 0
      for index in stride(from: 0, to: readings.count, by: 4) {
        let ac = readings[index].value
        let dc = readings[index + 1].value
        #expect(ac >= 0 && ac <= 10_000_000 && ac <= dc)
        if SunPosition(at: readings[index].trueTime, observer: observer).up <= 0 {
          #expect(ac == 0 && dc == 0 && readings[index + 3].value == 0)
        }
        #expect(readings[index + 2].value >= energy)
        energy = readings[index + 2].value
        brightest = max(brightest, ac)
      }
      #expect(brightest > 3_000_000)
      // The counter is the integral of the power: trapezoids of a minute.
      let powers = stride(from: 0, to: readings.count, by: 4).map { Double(readings[$0].value) / 1000 }
      let integral = zip(powers, powers.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 2 / 60 }
      #expect(abs(Double(energy - readings[2].value) / 1000 - integral) < 0.1)
    }
  }

  @Test func aReadingDoesNotDependOnWhatIsMeasuredBesides() {
    let few = Fleets.fleet(profiles: [Fleets.profile(sensors: [Fleets.inverterSensors[0]])])
    let all = Fleets.fleet()
    let end = Fleets.start + Fleets.day
    let alone = DeviceStreamTests.readings(World(fleet: few, start: Fleets.start), device: 0, until: end)
    let together = DeviceStreamTests.readings(World(fleet: all, start: Fleets.start), device: 0, until: end)
    #expect(alone.map(\.value) == together.filter { $0.sensor == 0 }.map(\.value))
  }

  @Test func malformedReadingsComeAsOftenAsAskedAndInAllKinds() {
    let fleet = Fleets.fleet(profiles: [Fleets.profile(malformed: 0.05)])
    let readings = DeviceStreamTests.readings(World(fleet: fleet, start: Fleets.start), device: 0, until: Fleets.start + Fleets.day)
    for kind in MalformedWeight.standard.map({ Malformation($0.kind) }) {
      let share = Double(readings.count { $0.malformation == kind }) / Double(readings.count)
      #expect(abs(share - 0.0125) < 0.003)
    }
    let healthy = DeviceStreamTests.readings(
      World(fleet: Fleets.fleet(), start: Fleets.start), device: 0, until: Fleets.start + Fleets.day)
    #expect(healthy.allSatisfy { $0.malformation == .none })
    // Breaking a payload does not change what was measured.
    #expect(healthy.map(\.value) == readings.map(\.value))
  }

  @Test func valuesAreGoodUnderOrdinaryConditions() {
    let world = World(
      fleet: Fleets.fleet(
        sites: [Fleets.site(), Fleets.site("arctic", latitude: 69, longitude: 19), Fleets.site("cape", latitude: -34, longitude: 18)],
        profiles: [
          Fleets.profile(), Fleets.profile("weather", plant: nil, sensors: Fleets.weatherSensors),
          Fleets.profile("cellular", plant: nil, sensors: Fleets.cellularSensors),
        ], count: 3), start: Fleets.start)
    for device in world.devices.indices {
      let readings = DeviceStreamTests.readings(world, device: device, until: Fleets.start + Fleets.day)
      #expect(readings.allSatisfy { $0.quality == .good })
    }
  }
}
