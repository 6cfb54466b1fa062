import Testing

@testable import FleetSpec
@testable import World

@Suite struct SingleDiodeTests {
  /// pvlib 0.16.1, `calcparams_desoto` and `singlediode` of the module at 1,000 W/m2 and 25 degrees.
  @Test func standardTestConditionsGiveTheDataSheet() {
    let point = SingleDiode.typical.maximumPower(irradiance: 1000, cellTemperature: 25)
    #expect(abs(point.power - 369.96599802775984) < 1e-6 && abs(point.voltage - 39.39999772546276) < 1e-4)
    let open = SingleDiode.typical.openCircuitVoltage(irradiance: 1000, cellTemperature: 25)
    #expect(abs(open - 48.2999929665757) < 1e-6)
  }

  /// Whatever weather there is, the solver must find the top: power is a smooth hill that never falls with more light.
  @Test func powerIsDefinedInAnyWeather() {
    for cell in stride(from: -50.0, through: 100, by: 7.5) {
      var last = 0.0
      for step in 0...400 {
        let irradiance = step < 100 ? Double(step) / 100 : Double(step - 99) * 5
        let point = SingleDiode.typical.maximumPower(irradiance: irradiance, cellTemperature: cell)
        let open = SingleDiode.typical.openCircuitVoltage(irradiance: irradiance, cellTemperature: cell)
        #expect(point.power.isFinite && point.power >= last && point.power < 900)
        #expect(point.voltage >= 0 && point.voltage <= open && open < 70)
        last = point.power
      }
    }
  }

  @Test func aPlantTakesItsRatingAndItsVoltageFromThePlant() {
    var plant = Fleets.plant
    plant.powerModel = .singleDiode
    plant.losses = 0
    let array = SolarArray(plant: plant)
    #expect(abs(array.availablePower(irradiance: 1000, cellTemperature: 25) - 12_000) < 0.01)
    #expect(abs(array.voltage(irradiance: 1000, cellTemperature: 25, usedShare: 1) - 600) < 0.01)
    #expect(array.voltage(irradiance: 1000, cellTemperature: 25, usedShare: 0) > 700)
    // -0.38 %/K is what the data sheet says.
    let warm = array.availablePower(irradiance: 1000, cellTemperature: 35) / 12_000
    #expect(warm > 0.955 && warm < 0.968)
    #expect(array.availablePower(irradiance: 0, cellTemperature: 0) == 0)
  }
}
