import Testing

@testable import FleetSpec
@testable import World

extension Inverter {
  /// On a mild day, with a willing grid.
  func convert(_ available: Double) -> Output {
    convert(available: available, ambient: 20, allowed: 1, isTripped: false, isRunning: false)
  }
}

@Suite struct PlantTests {
  /// pvlib 0.16.1, `temperature.faiman`.
  @Test func cellTemperatureAgreesWithTheReference() {
    #expect(abs(CellTemperature.faiman(planeIrradiance: 800, ambient: 20, wind: 3) - 37.57469244288225) < 1e-9)
    #expect(abs(CellTemperature.faiman(planeIrradiance: 1000, ambient: -5, wind: 0) - 35) < 1e-9)
  }

  /// pvlib 0.16.1, `pvsystem.pvwatts_dc(800, 45, 10000, -0.0035)` and `inverter.pvwatts(pdc, 10000, 0.96)`.
  @Test func powerAgreesWithTheReference() {
    var plant = Fleets.plant
    plant.dcCapacity = 10_000
    plant.losses = 0
    plant.efficiency = 0.96
    plant.acCapacity = 9600
    #expect(abs(SolarArray(plant: plant).availablePower(irradiance: 800, cellTemperature: 45) - 7440) < 1e-9)
    let inverter = Inverter(plant: plant)
    for (dc, ac) in [(200.0, 137.565001556501), (2000, 1898.8017017744112), (6000, 5775.221334440179), (10_000, 9600), (12_000, 9600)] {
      #expect(abs(inverter.convert(dc).ac - ac) < 1e-6)
    }
  }

  @Test func theInverterNeitherCreatesEnergyNorExceedsItsCapacity() {
    for efficiency in [0.5, 0.9, 0.97, 1.0] {
      var plant = Fleets.plant
      plant.efficiency = efficiency
      let inverter = Inverter(plant: plant)
      var last = 0.0
      for watts in stride(from: 0.0, to: 30_000, by: 7) {
        let power = inverter.convert(watts)
        #expect(power.ac >= 0 && power.ac <= power.dc && power.dc <= watts)
        #expect(power.ac <= plant.acCapacity)
        #expect(power.ac >= last)
        last = power.ac
      }
      #expect(inverter.convert(50).ac == 0)
    }
  }

  @Test func theCounterIntegratesAndSkipsLossesOfPower() {
    var counter = EnergyCounter(capacity: Fleets.plant.acCapacity, random: RandomStream(seed: 1, device: 1, stream: 1))
    let start = counter.wattHours
    #expect(start > 0.2 * 1100 * 10_000)
    counter.advance(power: 1000, elapsed: nil)
    #expect(counter.wattHours == start)
    counter.advance(power: 3000, elapsed: 1_800_000)
    #expect(abs(counter.wattHours - start - 1000) < 1e-6)
    counter.advance(power: 3000, elapsed: nil)
    #expect(abs(counter.wattHours - start - 1000) < 1e-6)
  }

  @Test func theCabinetWarmsUpWithInertia() {
    let cabinet = CabinetTemperature(plant: Fleets.plant, interval: 60_000)
    var degrees = cabinet.advanced(.nan, ambient: 20, power: 0, elapsed: 0)
    #expect(degrees == 24)
    degrees = cabinet.advanced(degrees, ambient: 20, power: 10_000, elapsed: 60_000)
    #expect(degrees > 25 && degrees < 26)
    for _ in 0..<200 { degrees = cabinet.advanced(degrees, ambient: 20, power: 10_000, elapsed: 60_000) }
    #expect(abs(degrees - 52) < 0.01)
  }

  @Test func theStringVoltageRisesTowardsTheOpenCircuit() {
    let array = SolarArray(plant: Fleets.plant)
    let loaded = array.voltage(irradiance: 900, cellTemperature: 45, usedShare: 1)
    #expect(loaded > 500 && loaded < 600)
    #expect(array.voltage(irradiance: 900, cellTemperature: 45, usedShare: 0) > loaded * 1.15)
    #expect(array.voltage(irradiance: 0, cellTemperature: 10, usedShare: 0) == 0)
  }
}
