import Testing

@testable import FleetSpec
@testable import World

@Suite struct ReportFilterTests {
  private static let interval: Milliseconds = 10_000

  private func fleet(_ policy: ReportingPolicy, deadband: Double? = nil, power: Outages = .none) -> Fleet {
    var profile = Fleets.profile("weather", interval: Self.interval, plant: nil, sensors: Fleets.weatherSensors, power: power)
    profile.reporting = policy
    for index in profile.sensors.indices { profile.sensors[index].deadband = deadband }
    return Fleets.fleet(profiles: [profile])
  }

  private func readings(_ fleet: Fleet, hours: Int64 = 6) -> [Reading] {
    var stream = World(fleet: fleet, start: Fleets.start).stream(device: 0)
    var list: [Reading] = []
    while stream.nextSampleTime < Fleets.start + hours * Fleets.hour {
      stream.sample()
      for index in 0..<stream.readingCount { list.append(stream.reading(index)) }
    }
    return list
  }

  /// What a filter must let through, reckoned from all values one by one.
  private func expected(_ all: [Reading], steps: [Int64], heartbeat: Milliseconds) -> [Reading] {
    var last: [Int32: Reading] = [:]
    return all.filter { reading in
      let before = last[reading.sensor]
      let isDue =
        before.map {
          $0.boot != reading.boot || $0.quality != reading.quality || abs(reading.value - $0.value) > steps[Int(reading.sensor)]
            || reading.trueTime - $0.trueTime >= heartbeat
        } ?? true
      if isDue { last[reading.sensor] = reading }
      return isDue
    }
  }

  @Test(arguments: [true, false]) func onlyWhatChangedIsReportedAndNumbersHaveNoGap(hasDeadband: Bool) {
    let power = Outages(every: 2 * Fleets.hour, length: 60_000, spread: 0.5)
    let all = readings(fleet(.all, power: power))
    let heartbeat: Milliseconds = 900_000
    let policy = ReportingPolicy(mode: hasDeadband ? .deadband : .onChange, deadband: 0.01, heartbeat: heartbeat)
    let some = readings(fleet(policy, power: power))
    let steps = Fleets.weatherSensors.map { sensor -> Int64 in
      let resolution = sensor.decimals == 2 ? 100.0 : 10.0
      return hasDeadband ? Int64((0.01 * (sensor.maximum - sensor.minimum) * resolution).rounded(.down)) : 0
    }
    let wanted = expected(all, steps: steps, heartbeat: heartbeat)
    #expect(some.count < all.count && some.count > 100)
    #expect(some.map(\.seq) == Array(0..<Int64(some.count)))
    #expect(some.map(\.trueTime) == wanted.map(\.trueTime))
    #expect(some.map(\.value) == wanted.map(\.value))
    #expect(some.map(\.sensor) == wanted.map(\.sensor))
    #expect(Set(some.map(\.boot)).count > 1)
  }

  @Test func eachSensorSpeaksAtLeastOnceAHeartbeat() {
    let heartbeat: Milliseconds = 300_000
    // So wide that nothing but the heartbeat and the sensor's quality make it speak.
    let some = readings(fleet(ReportingPolicy(mode: .deadband, deadband: 0, heartbeat: heartbeat), deadband: 1e9))
    for sensor in Fleets.weatherSensors.indices {
      let times = some.filter { Int($0.sensor) == sensor }.map(\.trueTime)
      #expect(times.count >= 72 - 1)
      for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier <= heartbeat) }
    }
    let silent = readings(fleet(ReportingPolicy(mode: .deadband, deadband: 0, heartbeat: 0), deadband: 1e9))
    #expect(silent.count < some.count / 10)
  }

  @Test func anAbsoluteDeadbandIsExact() throws {
    let sensor = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 1, -40...60)
    var profile = Fleets.profile(sensors: [sensor])
    profile.reporting = ReportingPolicy(mode: .deadband, deadband: 0.5, heartbeat: 0)
    profile.sensors[0].deadband = 0.3
    let filter = try #require(ReportFilter(profile))
    var last = ReportFilter.Last()
    let shown: [Int64] = [200, 203, 197, 204, 201, 200, .max, .min]
    let told = shown.enumerated().filter { filter.admits($0.element, .good, sensor: 0, at: Int64($0.offset), &last) }.map(\.element)
    #expect(told == [200, 204, 200, .max, .min])
  }
}
