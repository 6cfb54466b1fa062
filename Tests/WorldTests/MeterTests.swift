import Testing

@testable import FleetSpec
@testable import World

@Suite struct MeterTests {
  @Test(arguments: 0..<20 as Range<UInt64>) func aStorageCreatesNothingAndStaysWithinItsLimits(seed: UInt64) {
    let draws = RandomStream(seed: seed, device: 1, stream: 1)
    let efficiency = 0.5 + 0.5 * draws.uniform(0)
    let storage = StorageModel(Storage(capacity: 10_000, power: 5000, efficiency: efficiency))
    var charge = 10_000 * draws.uniform(1)
    let initial = charge
    var given = 0.0
    var taken = 0.0
    for step in 2..<2000 as Range<UInt64> {
      let surplus = 8000 * draws.normal(step)
      let next = storage.step(surplus: surplus, charge: charge, hours: 0.25 * draws.uniform(step + 10_000))
      let hours = 0.25 * draws.uniform(step + 10_000)
      #expect(abs(next.power) <= 5000 + 1e-9 && next.charge >= -1e-9 && next.charge <= 10_000 + 1e-9)
      // It helps: what it gives is missing, what it takes is left over.
      #expect(next.power * surplus <= 0 && abs(next.power) <= abs(surplus) + 1e-9)
      given += max(next.power, 0) * hours
      taken += max(-next.power, 0) * hours
      charge = next.charge
    }
    let oneWay = efficiency.squareRoot()
    #expect(abs(initial + taken * oneWay - given / oneWay - charge) < 1e-6 * (taken + given))
  }

  @Test func aStorageOfAnySizeHasAVoltageThatCanBe() {
    for (capacity, power, nominal) in [(10_000.0, 5000.0, 51.2), (60_000, 30_000, 409.6), (4e7, 2e7, 1228.8)] {
      let storage = StorageModel(Storage(capacity: capacity, power: power, efficiency: 0.9))
      for charge in [0, 0.5, 1] {
        for load in [-1.0, 0, 1] {
          let volts = storage.voltage(charge: charge * capacity, power: load * power)
          #expect(abs(volts / nominal - 1) <= 0.06 + 1e-12)
        }
      }
      #expect(storage.voltage(charge: 0, power: power) < storage.voltage(charge: capacity, power: -power))
      #expect(storage.temperature(ambient: 20, power: -power) == 28)
    }
  }

  private static func home(_ seed: UInt64, plant: PhotovoltaicPlant? = Fleets.plant) -> World {
    PlantFleets.world(
      seed: seed, interval: 300_000, plant: plant,
      sensors: PlantFleets.sensors(
        .loadPower, .gridPower, .storagePower, .stateOfCharge, .energyImported, .energyExported, .storageVoltage)
        + (plant == nil ? [] : PlantFleets.sensors(.acPower)),
      sites: [Fleets.site(cloudiness: 0.3)], count: 4
    ) {
      $0.profiles[0].load = Load(average: 450)
      $0.profiles[0].storage = Storage(capacity: 8000, power: 4000, efficiency: 0.9)
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>) func whatAHomeUsesComesFromSomewhere(seed: UInt64) {
    let world = Self.home(seed)
    for device in world.devices.indices {
      let samples = PlantFleets.samples(world, device: device, days: 4)
      var range = 100.0...100.0
      var wrong = 0
      for (before, after) in zip(samples, samples.dropFirst()) {
        let values = after.values
        // Load = sun + storage + grid, at every instant.
        if abs(values[0] - values[7] - values[2] - values[1]) > 1e-6 { wrong += 1 }
        let hours = 300_000 / 3_600_000.0
        if abs(values[4] - before.values[4] - max(values[1], 0) * hours) > 1e-6 * values[4] { wrong += 1 }
        if abs(values[5] - before.values[5] - max(-values[1], 0) * hours) > 1e-6 * values[5] { wrong += 1 }
        if values[4] < before.values[4] || values[5] < before.values[5] { wrong += 1 }
        let stored = (values[3] - before.values[3]) / 100 * 8000
        let oneWay = 0.9.squareRoot()
        let expected = values[2] > 0 ? -values[2] * hours / oneWay : -values[2] * hours * oneWay
        if abs(stored - expected) > 1e-6 { wrong += 1 }
        if values[3] < 0 || values[3] > 100 { wrong += 1 }
        range = min(range.lowerBound, values[3])...max(range.upperBound, values[3])
      }
      #expect(wrong == 0)
      // On summer days a plant of 10 kW fills the storage, and the evening takes from it.
      #expect(range.upperBound > 99.9 && range.lowerBound < 80)
    }
  }

  @Test func aHomeWithoutAPlantOnlyBuys() {
    let samples = PlantFleets.samples(Self.home(1, plant: nil), days: 2)
    #expect(samples.allSatisfy { $0.values[1] > 0 || $0.values[3] > 0 })
    #expect(samples[0].values[5] == samples[samples.count - 1].values[5])
    #expect(samples.allSatisfy { $0.values[1] >= 0 })
  }

  @Test func phasesAreLoadedUnevenlyAndAddUp() {
    let sensors = (1...3).flatMap { [PlantFleets.sensor(.gridCurrent, input: $0), PlantFleets.sensor(.acVoltage, input: $0)] }
    let world = PlantFleets.world(
      seed: 5, interval: 600_000, plant: nil, sensors: sensors + PlantFleets.sensors(.gridPower), count: 5
    ) { $0.profiles[0].load = Load(average: 600) }
    for device in world.devices.indices {
      for sample in PlantFleets.samples(world, device: device) {
        let powers = [0, 2, 4].map { sample.values[$0] * sample.values[$0 + 1] }
        #expect(abs(powers.reduce(0, +) - sample.values[6]) < 1e-6 * sample.values[6])
        #expect(Set(powers).count == 3)
        #expect([1, 3, 5].allSatisfy { abs(sample.values[$0] / 230 - 1) < 0.1 })
      }
    }
  }
}
