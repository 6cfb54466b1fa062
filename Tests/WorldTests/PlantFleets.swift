@testable import FleetSpec
@testable import World

/// Fleets with plants for tests, and their true values.
enum PlantFleets {
  /// What a device measured at one instant: by sensor.
  struct Sample {
    var time: Milliseconds
    var values: [Double]
    var faults: [FaultSet]
  }

  /// A sensor without errors of its own.
  static func sensor(_ quantity: Quantity, input: Int = 1) -> Sensor {
    var sensor = Fleets.sensor(
      quantity, quantity.standardType, quantity.wireUnits[0], decimals: 3, -1e12...1e12, gain: 0)
    sensor.name += "_\(input)"
    sensor.input = input
    return sensor
  }

  static func sensors(_ quantities: Quantity...) -> [Sensor] { quantities.map { sensor($0) } }

  static func world(
    seed: UInt64 = 1, interval: Milliseconds = 60_000, plant: PhotovoltaicPlant? = Fleets.plant, sensors: [Sensor],
    sites: [Site] = [Fleets.site()],
    count: Int = 1, adjust: (inout Fleet) -> Void = { _ in }
  ) -> World {
    var fleet = Fleets.fleet(
      seed: seed, sites: sites, profiles: [Fleets.profile("plant", interval: interval, plant: plant, sensors: sensors)], count: count)
    adjust(&fleet)
    return World(fleet: fleet, start: Fleets.start)
  }

  static func samples(_ world: World, device: Int = 0, days: Int64 = 1) -> [Sample] {
    var stream = world.stream(device: device)
    var samples: [Sample] = []
    while stream.nextSampleTime < Fleets.start + days * Fleets.day {
      let time = stream.nextSampleTime
      stream.sample()
      samples.append(
        Sample(
          time: time, values: (0..<stream.readingCount).map { stream.truth($0) },
          faults: (0..<stream.readingCount).map { stream.reading($0).faults }))
    }
    return samples
  }

  /// A plant with everything that a plant can have but a tracker.
  static let complete: PhotovoltaicPlant = {
    var plant = Fleets.plant
    plant.age = 5
    plant.degradation = 0.005
    plant.soiling = 0.0015
    plant.mismatch = 0.02
    plant.strings = 8
    plant.inputs = [
      PlantInput(share: 0.6, tilt: 30, azimuth: 110), PlantInput(share: 0.4, tilt: 30, azimuth: 250),
    ]
    plant.obstacles = [Obstacle(fromAzimuth: 70, toAzimuth: 130, elevation: 14), Obstacle(fromAzimuth: 230, toAzimuth: 300, elevation: 9)]
    plant.powerFactor = 0.95
    plant.deratingFrom = 25
    plant.blownFuses = Outages(every: 3 * Fleets.day, length: 2 * Fleets.day, spread: 0.5)
    return plant
  }()

  static let tracked: PhotovoltaicPlant = {
    var plant = Fleets.plant
    plant.tracker = Tracker(axisAzimuth: 180, maximumAngle: 55, groundCoverage: 0.4, backtracking: true)
    plant.tracker?.stalls = Outages(every: Fleets.day, length: 18 * Fleets.hour, spread: 0.8)
    return plant
  }()

  static let grid = GridEvents(
    curtailment: Outages(every: 20 * Fleets.hour, length: 4 * Fleets.hour, spread: 0.4), curtailmentLimit: 0.4,
    disturbances: Outages(every: 9 * Fleets.hour, length: 120_000, spread: 0.8), reconnectAfter: 600_000)
}

extension [Double] {
  var mean: Double { reduce(0, +) / Double(count) }
}
