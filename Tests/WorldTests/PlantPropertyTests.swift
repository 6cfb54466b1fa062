import Testing

@testable import FleetSpec
@testable import World

/// What must hold of any plant in any weather.
@Suite struct PlantPropertyTests {
  private static let sensors = PlantFleets.sensors(
    .acPower, .dcPower, .apparentPower, .reactivePower, .operatingState, .energyTotal, .planeIrradiance, .acCurrent, .acVoltage,
    .cabinetTemperature)

  private static func world(_ seed: UInt64, _ plant: PhotovoltaicPlant, interval: Milliseconds = 60_000) -> World {
    PlantFleets.world(
      seed: seed, interval: interval, plant: plant, sensors: sensors,
      sites: [
        Fleets.site(cloudiness: 0.5), Fleets.site("hot", latitude: 24, longitude: 33, cloudiness: 0.1),
        Fleets.site("arctic", latitude: 69, longitude: 19),
      ],
      count: 3
    ) { $0.grid = PlantFleets.grid }
  }

  private static let plants: [PhotovoltaicPlant] = {
    var diode = PlantFleets.complete
    diode.powerModel = .singleDiode
    diode.temperatureModel = .sapm
    var micro = Fleets.plant
    (micro.dcCapacity, micro.acCapacity) = (400, 350)
    var central = PlantFleets.tracked
    (central.dcCapacity, central.acCapacity, central.powerFactor) = (3.2e6, 2.5e6, 0.9)
    return [Fleets.plant, PlantFleets.complete, diode, PlantFleets.tracked, micro, central]
  }()

  @Test(arguments: 0..<6, 0..<3 as Range<UInt64>) func powerStaysWithinSunRatingAndOrders(plant: Int, seed: UInt64) {
    let specification = Self.plants[plant]
    let world = Self.world(seed, specification)
    for device in world.devices.indices {
      let place = world.places[world.devices[device].site]
      var wrong: [String] = []
      for sample in PlantFleets.samples(world, device: device, days: 2) {
        let (ac, dc, apparent, reactive) = (sample.values[0], max(0, sample.values[1]), sample.values[2], sample.values[3])
        if place.sun(at: sample.time).up <= 0 && (ac != 0 || apparent != 0 || sample.values[6] != 0) { wrong.append("power at night") }
        if ac < 0 || apparent > specification.acCapacity * (1 + 1e-12) { wrong.append("beyond the rating") }
        if sample.faults[0].contains(.curtailed) && ac > 0.4 * specification.acCapacity + 1e-9 { wrong.append("order disobeyed") }
        if sample.faults[0].contains(.tripped) && ac != 0 { wrong.append("fed in while tripped") }
        if specification.inputs.isEmpty && ac > dc { wrong.append("energy from nothing") }
        if specification.inputs.isEmpty && ac > 0.2 * specification.acCapacity && (ac / dc < 0.9 || ac / dc > 0.98) {
          wrong.append("efficiency \(ac / dc)")
        }
        if abs(apparent * apparent - ac * ac - reactive * reactive) > 1e-6 * apparent * apparent { wrong.append("triangle of powers") }
        let phases: Double = specification.acCapacity >= 5000 ? 3 : 1
        if abs(sample.values[7] * sample.values[8] * phases - apparent) > 1e-6 * specification.acCapacity { wrong.append("current") }
      }
      #expect(wrong.isEmpty, "\(wrong.first ?? "")")
    }
  }

  @Test(arguments: 0..<6, 0..<3 as Range<UInt64>) func statesTellWhatThePowerDoes(plant: Int, seed: UInt64) {
    let world = Self.world(seed, Self.plants[plant])
    var seen: Set<Int> = []
    for device in world.devices.indices {
      let place = world.places[world.devices[device].site]
      var wrong: [String] = []
      var last = Inverter.State.mppt
      for sample in PlantFleets.samples(world, device: device, days: 3) {
        guard let state = Inverter.State(rawValue: Int(sample.values[4])) else {
          wrong.append("no state")
          continue
        }
        seen.insert(state.rawValue)
        let ac = sample.values[0]
        if state == .mppt || state == .throttled ? ac < 0 : ac != 0 { wrong.append("\(state) with \(ac) W") }
        if place.sun(at: sample.time).up <= 0 && state != .sleeping { wrong.append("\(state) at night") }
        if state == .fault && !sample.faults[4].contains(.tripped) { wrong.append("a fault without a cause") }
        if (state == .mppt || state == .throttled) && !(last == .mppt || last == .throttled || last == .starting) {
          wrong.append("no start")
        }
        last = state
      }
      #expect(wrong.isEmpty, "\(wrong.first ?? "")")
    }
    #expect(seen.isSuperset(of: [2, 3, 4, 5, 7, 8]))
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func theCounterIsTheIntegralOfThePowerAndNeverFalls(seed: UInt64) {
    let world = PlantFleets.world(seed: seed, plant: PlantFleets.complete, sensors: PlantFleets.sensors(.acPower, .energyTotal), count: 3) {
      $0.grid = PlantFleets.grid
      $0.profiles[0].powerOutages = Outages(every: 7 * Fleets.hour, length: 900_000, spread: 0.5)
    }
    for device in world.devices.indices {
      let samples = PlantFleets.samples(world, device: device, days: 3)
      let falls = zip(samples, samples.dropFirst()).count { $1.values[1] < $0.values[1] }
      #expect(falls == 0)
      let integral = zip(samples, samples.dropFirst()).reduce(0.0) { sum, pair in
        // What lies between two samples more than an interval apart is a loss of power.
        pair.1.time - pair.0.time > 60_000 ? sum : sum + (pair.0.values[0] + pair.1.values[0]) / 120
      }
      #expect(abs(samples[samples.count - 1].values[1] - samples[0].values[1] - integral) < 1)
    }
  }

  @Test func heatTakesPowerFromTheInverter() {
    let inverter = Inverter(plant: Fleets.plant)
    func power(_ ambient: Double) -> Inverter.Output {
      inverter.convert(available: 12_000, ambient: ambient, allowed: 1, isTripped: false, isRunning: true)
    }
    #expect(abs(power(45).ac - 10_000) < 1e-9 && abs(power(55).ac - 7500) < 1e-9 && power(90).ac == 0)
    #expect(power(55).state == .throttled)
    // What it draws is what its efficiency needs for what it gives.
    #expect(abs(inverter.alternating(dc: power(55).dc) - 7500) < 1e-6)
    for watts in stride(from: 200.0, through: 10_000, by: 100) {
      #expect(abs(inverter.alternating(dc: inverter.direct(ac: watts)) - watts) < 1e-6)
    }
  }

  @Test func aStalledTrackerStaysWhereItIsByDayAndByNight() {
    for seed in 0..<6 as Range<UInt64> {
      let world = PlantFleets.world(
        seed: seed, interval: 300_000, plant: PlantFleets.tracked, sensors: PlantFleets.sensors(.trackerAngle, .planeIrradiance))
      let samples = PlantFleets.samples(world, days: 10)
      for event in world.timeline(device: 0, from: Fleets.start, to: Fleets.start + 10 * Fleets.day) where event.fault == .trackerStalled {
        let angles = samples.filter { event.start <= $0.time && $0.time < event.end }.map { $0.values[0] }
        #expect(Set(angles).count <= 1)
      }
      let healthy = samples.filter { !$0.faults[0].contains(.trackerStalled) }
      #expect(healthy.allSatisfy { abs($0.values[0]) <= 55 })
      #expect(Set(healthy.map { $0.values[0].rounded() }).count > 60)
    }
  }

  @Test func aBlownFuseSilencesItsStringAlone() {
    var plant = PlantFleets.complete
    plant.inputs = []
    let strings = (1...8).map { PlantFleets.sensor(.stringCurrent, input: $0) }
    let world = PlantFleets.world(seed: 3, plant: plant, sensors: strings + PlantFleets.sensors(.dcPower, .dcVoltage))
    var blown = 0
    for sample in PlantFleets.samples(world, days: 12) {
      let currents = sample.values[0..<8]
      let flagged = (0..<8).filter { sample.faults[$0].contains(.fuseBlown) }
      #expect(flagged.count <= 1 && flagged.allSatisfy { currents[$0] == 0 })
      #expect(sample.faults[8].contains(.fuseBlown) == !flagged.isEmpty)
      guard sample.values[8] > 100 else { continue }
      if !flagged.isEmpty { blown += 1 }
      #expect(currents.indices.allSatisfy { flagged.contains($0) == (currents[$0] == 0) })
      // The strings together carry the plant's current; their mismatch of 2 % leaves less than 5 % on the sum of eight.
      #expect(abs(currents.reduce(0, +) * sample.values[9] / sample.values[8] - 1) < 0.05)
    }
    #expect(blown > 500)
  }

  @Test func inputsShareThePower() {
    var plant = PlantFleets.complete
    plant.blownFuses = .none
    let sensors = [
      PlantFleets.sensor(.dcPower, input: 1), PlantFleets.sensor(.dcPower, input: 2), PlantFleets.sensor(.dcVoltage, input: 2),
      PlantFleets.sensor(.dcCurrent, input: 2), PlantFleets.sensor(.acPower),
    ]
    let world = PlantFleets.world(seed: 2, plant: plant, sensors: sensors, sites: [Fleets.site(longitude: 0, cloudiness: 0)])
    var morning = 0.0
    var evening = 0.0
    for sample in PlantFleets.samples(world) {
      let values = sample.values
      #expect(values[0] >= 0 && values[1] >= 0 && values[4] <= values[0] + values[1])
      #expect(abs(values[2] * values[3] - values[1]) < 1e-6 * max(1, values[1]))
      let hour = Double(sample.time - Fleets.start) / 3_600_000
      if hour > 7 && hour < 9 { morning += values[0] - values[1] }
      if hour > 16 && hour < 18 { evening += values[0] - values[1] }
    }
    // The first looks east, the second west.
    #expect(morning > 0 && evening < 0)
  }
}
