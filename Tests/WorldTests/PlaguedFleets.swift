@testable import FleetSpec

extension Fleets {
  /// Sensors with everything that can go wrong, and often.
  static func plagued(_ sensor: Sensor) -> Sensor {
    var sensor = sensor
    sensor.temperatureCoefficient = 1e-4
    sensor.troubles.flickerNoise = 0.2
    sensor.troubles.randomWalk = 1
    sensor.troubles.lag = 30_000
    sensor.troubles.stuck = Outages(every: 6 * hour, length: hour, spread: 0.5)
    sensor.troubles.spikes = 0.01
    sensor.troubles.spikeSize = 50
    sensor.troubles.dropout = 0.02
    sensor.troubles.dropouts = Outages(every: 8 * hour, length: hour / 2, spread: 0.5)
    sensor.troubles.life = 10 * day
    sensor.troubles.dying = day
    sensor.troubles.recalibration = 3 * day
    return sensor
  }

  static func counter(_ change: (inout CounterRegister) -> Void = { _ in }) -> Sensor {
    var register = CounterRegister()
    register.bits = 32
    change(&register)
    var energy = sensor(.energyTotal, .energy, "Wh", decimals: 0, 0...1e12, gain: 0.005)
    energy.troubles.counter = register
    return energy
  }

  static func named(_ sensor: Sensor, _ name: String) -> Sensor {
    var sensor = sensor
    sensor.name = name
    return sensor
  }

  static let counters = [
    named(counter { $0.bits = 14 }, "rolling"),
    named(
      counter {
        $0.reset = .midnight
        $0.resetSkew = 420_000
        $0.ignoresDaylightSaving = true
      }, "daily"),
    named(counter { $0.reset = .boot }, "forgetful"),
    named(
      counter {
        $0.zeroAtBoot = 3
        $0.beginsAt = 4_294_960_000
      }, "slow"),
  ]

  /// Devices whose sensors, counters and payloads have every trouble.
  static func plagued(seed: UInt64 = 42, count: Int = 2, interval: Milliseconds = 60_000) -> Fleet {
    let power = Outages(every: 5 * hour, length: 60_000, spread: 1)
    var inverter = profile(
      interval: interval, sensors: [plagued(inverterSensors[0]), plagued(inverterSensors[1])] + counters, power: power, malformed: 0.05)
    inverter.faults.malformedKinds = MalformedKind.allCases.map { MalformedWeight($0, 1) }
    inverter.faults.oversize = 20_000
    var weather = profile("weather-station", interval: interval, plant: nil, sensors: weatherSensors.map(plagued), power: power)
    weather.laterVersions = [
      FirmwareVersion(
        firmware: "5.0", interval: interval,
        sensorOverrides: [
          1: SensorOverride(unit: "degF", label: "degC", decimals: 1), 3: SensorOverride(unit: "%", label: "pct", decimals: 2),
        ])
    ]
    weather.rollout = [
      RolloutStep(
        change: .update(to: 1), beginning: .after(day / 2), over: day / 2, share: 1, failures: 0.1, updateTime: 120_000)
    ]
    var berlin = site()
    berlin.timeZone = TimeZones.rules(named: "Europe/Berlin") ?? .universal
    return fleet(seed: seed, sites: [berlin], profiles: [inverter, weather], count: count)
  }
}
