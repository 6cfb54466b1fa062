import TestSupport
import Testing

@testable import FleetSpec
@testable import World

@Suite(.enabled(if: Build.isOptimised)) struct SensorTroubleTests {
  static func world(_ sensor: Sensor, interval: Milliseconds = 60_000, count: Int = 1) -> World {
    World(
      fleet: Fleets.fleet(profiles: [Fleets.profile(interval: interval, plant: nil, sensors: [sensor])], count: count), start: Fleets.start)
  }

  static let thermometer = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 4, -100...100, gain: 0)

  @Test func aStuckSensorShowsTheValueFromBeforeUntilTheEpisodeEnds() {
    var sensor = SensorTroubleTests.thermometer
    sensor.troubles.stuck = Outages(every: 8 * Fleets.hour, length: 2 * Fleets.hour, spread: 0.5)
    let world = SensorTroubleTests.world(sensor)
    let sound = DeviceStreamTests.readings(
      SensorTroubleTests.world(SensorTroubleTests.thermometer), device: 0, until: Fleets.start + 4 * Fleets.day)
    let readings = DeviceStreamTests.readings(world, device: 0, until: Fleets.start + 4 * Fleets.day)
    let events = world.timeline(device: 0, from: Fleets.start, to: Fleets.start + 4 * Fleets.day)
    var stuck = 0
    for index in readings.indices.dropFirst() {
      let time = readings[index].trueTime
      let isStuck = events.contains { $0.fault == .stuck && $0.start <= time && time < $0.end }
      #expect(readings[index].faults.contains(.stuck) == isStuck)
      #expect(readings[index].value == (isStuck ? readings[index - 1].value : sound[index].value))
      stuck += isStuck ? 1 : 0
    }
    #expect(stuck > 200)
  }

  @Test func aLaggingSensorFollowsAStepExponentially() {
    var shown = Double.nan
    for _ in 0..<3 { shown = FirstOrderLag.followed(10, shown: shown, elapsed: 10_000, timeConstant: 60_000) }
    #expect(shown == 10)
    for _ in 0..<6 { shown = FirstOrderLag.followed(20, shown: shown, elapsed: 10_000, timeConstant: 60_000) }
    #expect(abs(shown - (20 - 10 * 0.367_879_441_171)) < 1e-9)
  }

  @Test func aLaggingSensorIsLaterThanTheTruth() {
    var sensor = SensorTroubleTests.thermometer
    sensor.troubles.lag = 2 * Fleets.hour
    var stream = SensorTroubleTests.world(sensor).stream(device: 0)
    var (difference, square, count) = (0.0, 0.0, 0.0)
    var last = Double.nan
    while stream.nextSampleTime < Fleets.start + 10 * Fleets.day {
      stream.sample()
      let error = Double(stream.reading(0).value) / 1e4 - stream.truth(0)
      // Where the truth rises, a late sensor shows too little.
      if last.isFinite { difference += error * (stream.truth(0) - last) }
      square += error * error
      count += 1
      last = stream.truth(0)
    }
    #expect(difference < 0 && (square / count).squareRoot() > 0.5)
  }

  @Test func aDeadSensorShowsNothingAndSaysSo() {
    var sensor = SensorTroubleTests.thermometer
    sensor.troubles.life = 2 * Fleets.day
    sensor.troubles.dying = Fleets.day
    let world = SensorTroubleTests.world(sensor, count: 20)
    var dead = 0
    for device in world.devices.indices {
      let end = Fleets.start + 8 * Fleets.day
      let readings = DeviceStreamTests.readings(world, device: device, until: end)
      let onset = world.timeline(device: device, from: Fleets.start, to: end, readings: false).first { $0.fault == .dying }?.start ?? .max
      #expect(readings.allSatisfy { $0.faults.contains(.dying) == ($0.trueTime >= onset) })
      for reading in readings where onset < .max && reading.trueTime >= onset + Fleets.day {
        #expect(reading.value == 0 && reading.quality == .sensorFault)
        dead += 1
      }
    }
    #expect(dead > 1000)
  }

  @Test func recalibrationTakesTheDriftAway() {
    var sensor = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 4, -5000...5000, gain: 0, drift: 3000)
    let drifting = SensorTroubleTests.world(sensor)
    sensor.troubles.recalibration = 5 * Fleets.day
    let calibrated = SensorTroubleTests.world(sensor)
    var (free, kept) = (drifting.stream(device: 0), calibrated.stream(device: 0))
    var visits: [Milliseconds] = []
    var since = Fleets.start
    while kept.nextSampleTime < Fleets.start + 20 * Fleets.day {
      free.sample()
      kept.sample()
      let reading = kept.reading(0)
      if reading.faults.contains(.recalibrated) {
        visits.append(reading.trueTime)
        since = reading.trueTime
      }
      let rate = (Double(free.reading(0).value) / 1e4 - free.truth(0)) / Double(reading.trueTime - Fleets.start + 1)
      let error = Double(reading.value) / 1e4 - kept.truth(0)
      // The visit itself was up to a minute before the first reading that knows of it.
      if reading.trueTime > Fleets.start + Fleets.day { #expect(abs(error - rate * Double(reading.trueTime - since)) < abs(rate) * 70_000) }
    }
    #expect((3...4).contains(visits.count))
  }

  @Test func everyFaultOfAReadingIsInTheTimelineAndTheOtherWayRound() {
    let end = Fleets.start + 4 * Fleets.day
    for seed in 1...3 as ClosedRange<UInt64> {
      let world = World(fleet: Fleets.plagued(seed: seed), start: Fleets.start)
      var seen: FaultSet = []
      for device in world.devices.indices {
        let readings = DeviceStreamTests.readings(world, device: device, until: end)
        let events = world.timeline(device: device, from: Fleets.start, to: end)
        let ours: [Fault] = [
          .stuck, .spike, .dying, .recalibrated, .unitSwapped, .saturated, .rolledOver, .midnightReset, .resetAtBoot, .zeroAfterBoot,
          .malformed,
        ]
        for fault in ours {
          let planned = events.filter { $0.fault == fault }
          for reading in readings {
            let isPlanned = planned.contains { $0.start <= reading.trueTime && reading.trueTime < $0.end && $0.sensor == reading.sensor }
            guard reading.faults.contains(fault) != isPlanned else { continue }
            Issue.record("\(fault) of sensor \(reading.sensor) at \(reading.trueTime - Fleets.start): in the timeline \(isPlanned)")
            return
          }
          if !planned.isEmpty { seen.insert(fault) }
        }
        // What is missing has an event; what has one is missing.
        let dropouts = events.filter { $0.fault == .dropout }
        let times = Set(readings.map(\.trueTime)).sorted()
        for sensor in world.profile(of: device).sensors.indices where !world.profile(of: device).sensors[sensor].troubles.areNone {
          let present = Set(readings.filter { Int($0.sensor) == sensor }.map(\.trueTime))
          for time in times {
            let isPlanned = dropouts.contains { $0.start <= time && time < $0.end && Int($0.sensor) == sensor }
            #expect(present.contains(time) != isPlanned)
          }
        }
      }
      #expect(seen.rawValue.nonzeroBitCount == 11, "\(seen)")
    }
  }

  @Test func numbersOfReadingsHaveNoGapWhereSensorsDropOut() {
    let world = World(fleet: Fleets.plagued(), start: Fleets.start)
    for device in world.devices.indices {
      let readings = DeviceStreamTests.readings(world, device: device, until: Fleets.start + 2 * Fleets.day)
      #expect(readings.map(\.seq) == (0..<Int64(readings.count)).map { $0 })
      let sensors = world.profile(of: device).sensors.count
      #expect(readings.count < 2 * 1440 * sensors)
    }
  }

  @Test func troubledDevicesDoNotDependOnWhoElseIsMeasured() {
    let world = World(fleet: Fleets.plagued(), start: Fleets.start)
    let workspace = world.workspace()
    var streams = world.devices.indices.map { world.stream(device: $0, in: workspace) }
    var together = world.devices.indices.map { _ in [Reading]() }
    for _ in 0..<2000 {
      for device in streams.indices.reversed() {
        streams[device].sample()
        for index in 0..<streams[device].readingCount { together[device].append(streams[device].reading(index)) }
      }
    }
    for device in world.devices.indices {
      var stream = world.stream(device: device)
      var alone: [Reading] = []
      for _ in 0..<2000 {
        stream.sample()
        for index in 0..<stream.readingCount { alone.append(stream.reading(index)) }
      }
      #expect(alone == together[device])
    }
  }

  @Test func aVersionMayPrintAnotherUnitThanItStates() {
    let world = World(fleet: Fleets.plagued(count: 1), start: Fleets.start)
    let device = 1
    let profile = world.profile(of: device)
    var stream = world.stream(device: device)
    var swapped = 0
    while stream.nextSampleTime < Fleets.start + 2 * Fleets.day {
      stream.sample()
      for index in 0..<stream.readingCount where stream.reading(index).sensor == 1 {
        let reading = stream.reading(index)
        #expect(reading.faults.contains(.unitSwapped) == (reading.version == 1))
        #expect(profile.unitLabel(of: reading) == "degC" && profile.decimals(of: reading) == (reading.version == 1 ? 1 : 2))
        guard reading.version == 1, reading.faults.intersection([FaultSet(.stuck), FaultSet(.spike), FaultSet(.dying)]).isEmpty else {
          continue
        }
        swapped += 1
        #expect(abs(Double(reading.value) / 10 - (stream.truth(index) * 1.8 + 32)) < 4)
      }
    }
    #expect(swapped > 100)
  }
}
