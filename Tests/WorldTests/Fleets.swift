@testable import FleetSpec

/// Fleets and their parts for tests, with defaults that a test overrides where it matters.
enum Fleets {
  static let start: Milliseconds = 1_782_000_000_000  // 2026-06-21T00:00:00Z
  static let day: Milliseconds = 86_400_000
  static let hour: Milliseconds = 3_600_000

  static func site(
    _ id: String = "site-01", latitude: Double = 48.1, longitude: Double = 11.6, altitude: Double = 520, cloudiness: Double = 0.4
  ) -> Site {
    Site(id: id, latitude: latitude, longitude: longitude, altitude: altitude, cloudiness: cloudiness)
  }

  static func sensor(
    _ quantity: Quantity, _ type: SensorType, _ unit: String, decimals: Int, _ range: ClosedRange<Double>, gain: Double = 0.005,
    offset: Double = 0, noise: Double = 0, drift: Double = 0
  ) -> Sensor {
    Sensor(
      name: quantity.rawValue, type: type, quantity: quantity, unit: unit, decimals: decimals, minimum: range.lowerBound,
      maximum: range.upperBound, gainError: gain, offsetError: offset, noise: noise, drift: drift)
  }

  static let plant = PhotovoltaicPlant(
    dcCapacity: 12_000, acCapacity: 10_000, tilt: 30, azimuth: 180, temperatureCoefficient: -0.0035, efficiency: 0.97, losses: 0.12)

  static let inverterSensors = [
    sensor(.acPower, .power, "W", decimals: 0, 0...12_000, noise: 5),
    sensor(.dcVoltage, .voltage, "V", decimals: 1, 0...1000, noise: 0.3),
    sensor(.dcCurrent, .current, "A", decimals: 2, 0...40, noise: 0.02),
    sensor(.acVoltage, .voltage, "V", decimals: 1, 0...300, noise: 0.2),
    sensor(.gridFrequency, .frequency, "Hz", decimals: 2, 45...65, gain: 0.00002, noise: 0.005),
    sensor(.energyTotal, .energy, "Wh", decimals: 0, 0...4_294_967_295, gain: 0),
    sensor(.cabinetTemperature, .temperature, "degC", decimals: 1, -40...120, offset: 0.5, noise: 0.1),
  ]

  static let weatherSensors = [
    sensor(.globalIrradiance, .other, "W/m2", decimals: 1, 0...2000, offset: 1, noise: 1, drift: 4),
    sensor(.ambientTemperature, .temperature, "degC", decimals: 2, -60...70, offset: 0.15, noise: 0.02, drift: 0.05),
    sensor(.windSpeed, .other, "m/s", decimals: 1, 0...60, noise: 0.1),
    sensor(.humidity, .humidity, "%", decimals: 1, 0...100, offset: 1, noise: 0.3),
    sensor(.pressure, .pressure, "hPa", decimals: 1, 500...1100, offset: 0.3, noise: 0.05),
  ]

  static let cellularSensors = [
    sensor(.ambientTemperature, .temperature, "degC", decimals: 1, -40...60, noise: 0.05),
    sensor(.batteryVoltage, .voltage, "V", decimals: 3, 2.5...4.5, noise: 0.002),
    sensor(.signalStrength, .other, "dBm", decimals: 0, -120...0, gain: 0, noise: 1),
  ]

  static let noFaults = DeviceFaults(
    redelivery: 0, repeats: 0, repeatAfter: DurationRange(lower: 0, upper: 0), late: 0, lateBy: DurationRange(lower: 0, upper: 0),
    malformed: 0)

  static func profile(
    _ name: String = "string-inverter", interval: Milliseconds = 10_000, plant: PhotovoltaicPlant? = Fleets.plant,
    sensors: [Sensor] = inverterSensors, clock: DeviceClock = DeviceClock(offset: 0, driftPPM: 0, synchronisation: 0),
    power: Outages = .none, network: Outages = .none, malformed: Double = 0
  ) -> FirmwareProfile {
    var faults = noFaults
    faults.malformed = malformed
    return FirmwareProfile(
      name: name, description: "for tests", firmware: "4.2.1", interval: interval, plant: plant, sensors: sensors, clock: clock,
      powerOutages: power, networkOutages: network,
      buffer: StoreAndForward(capacity: 1000, overflow: .dropOldest, order: .oldestFirst, replayRate: 0, persistent: true),
      connection: ConnectionPolicy(
        qos: 1, keepalive: 60_000, inflight: 20, acknowledgementTimeout: 20_000, connectTimeout: 10_000, backoffBase: 1000,
        backoffMaximum: 60_000, lastWill: true),
      faults: faults)
  }

  static func fleet(
    seed: UInt64 = 42, sunTime: Milliseconds? = nil, sunDate: MonthDay = MonthDay(month: 6, day: 21), sites: [Site] = [site()],
    profiles: [FirmwareProfile] = [profile()], count: Int = 1, sitePower: Outages = .none, siteNetwork: Outages = .none
  ) -> Fleet {
    let groups = profiles.indices.map { profile in
      DeviceGroup(
        profile: profile, count: count, sites: Array(sites.indices),
        deviceIDs: (1...count).map { "\(["inv", "wea", "cel"][profile % 3])-\($0)" })
    }
    return Fleet(
      name: "test", seed: seed, start: start, sunTime: sunTime, sunDate: sunDate, duration: day, drain: 0, sites: sites, groups: groups,
      profiles: profiles, siteNetworkOutages: siteNetwork, sitePowerOutages: sitePower, transport: nil,
      pipeline: Pipeline(
        delivery: .atLeastOnce, deduplication: nil, allowedLateness: nil, futureTolerance: nil, malformed: .reject, settling: 1000,
        store: nil),
      thresholds: [])
  }

  /// Three kinds of devices at two sites with every kind of trouble.
  static func troubled(seed: UInt64 = 42, count: Int = 2) -> Fleet {
    let clock = DeviceClock(offset: 200, driftPPM: 20, synchronisation: 6 * hour)
    let power = Outages(every: 5 * hour, length: 60_000, spread: 1)
    return fleet(
      seed: seed, sites: [site(), site("site-02", latitude: -33.9, longitude: 151.2, altitude: 40, cloudiness: 0.7)],
      profiles: [
        profile(interval: 60_000, clock: clock, power: power, malformed: 0.01),
        profile("weather-station", interval: 120_000, plant: nil, sensors: weatherSensors, clock: clock, power: power),
        profile("cellular", interval: 300_000, plant: nil, sensors: cellularSensors, clock: clock, malformed: 0.02),
      ],
      count: count, sitePower: Outages(every: 8 * hour, length: 300_000, spread: 0.5))
  }
}
