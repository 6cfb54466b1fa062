import Testing

@testable import FleetSpec
@testable import World

/// Single diode, and the whole way from the clock to the grid: errors of the parts could add up.
@Suite(.enabled(if: PvlibReference.isAvailable)) struct PvlibPowerTests {
  @Test func theSingleDiodeIsThatOfTheReference() throws {
    let table = try PvlibReference.table("diode")
    var power = Deviation()
    var voltage = Deviation()
    var open = Deviation()
    for row in 0..<table.count {
      let irradiance = try table.value("irradiance", row)
      let cell = try table.value("cell", row)
      let point = SingleDiode.typical.maximumPower(irradiance: irradiance, cellTemperature: cell)
      power.add((point.power - (try table.value("power", row))) / SingleDiode.typicalPower * 100)
      voltage.add((point.voltage - (try table.value("voltage", row))) / SingleDiode.typicalVoltage * 100)
      let volts = SingleDiode.typical.openCircuitVoltage(irradiance: irradiance, cellTemperature: cell)
      open.add((volts - (try table.value("open", row))) / SingleDiode.typicalVoltage * 100)
    }
    power.report("single diode, maximum power", "% of rating")
    voltage.report("single diode, voltage at maximum power", "% of rating")
    open.report("single diode, open-circuit voltage", "% of rating")
    #expect(power.count > 2500)
    #expect(power.maximum < 0.001 && voltage.maximum < 0.01 && open.maximum < 0.01)
  }

  @Test func fromTheClockToTheGridItIsWhatTheReferenceSays() throws {
    let table = try PvlibReference.table("chain")
    var plane = Deviation()
    var direct = Deviation()
    var alternating = Deviation()
    var specification = Fleets.plant
    specification.losses = 0
    let array = SolarArray(plant: specification)
    let inverter = Inverter(plant: specification)
    for row in 0..<table.count {
      var site = Fleets.site(
        latitude: try table.value("latitude", row), longitude: try table.value("longitude", row), altitude: try table.value("altitude", row)
      )
      site.linkeTurbidity = [Double](repeating: 3, count: 12)
      let sun = try PvlibSkyTests.sun(table, row)
      let sky = ClearSky(site: site, model: .ineichen).irradiance(sun: sun, season: 0)
      let tilt = try table.value("tilt", row)
      let orientation = Orientation(tilt: tilt, azimuth: try table.value("azimuth", row))
      let parts = PlaneOfArray(model: .perez, albedo: 0.2).irradiance(sky, sun: sun, on: orientation)
      plane.add(PvlibSkyTests.percent(parts.total, of: try table.value("plane", row)))
      let ambient = try table.value("ambient", row)
      let cell = CellTemperature.faiman(planeIrradiance: parts.total, ambient: ambient, wind: try table.value("wind", row))
      let effective = IncidenceLoss(tilt: tilt).effective(parts, cosineOfIncidence: orientation.cosineOfIncidence(sun))
      let dc = array.availablePower(irradiance: effective, cellTemperature: cell)
      direct.add((dc - (try table.value("dc", row))) / specification.dcCapacity * 100)
      let ac = inverter.convert(available: dc, ambient: ambient, allowed: 1, isTripped: false, isRunning: true).ac
      alternating.add((ac - max(0, try table.value("ac", row))) / specification.acCapacity * 100)
    }
    plane.report("plane of array, from the clock on", "%")
    direct.report("DC power, from the clock on", "% of rating")
    alternating.report("AC power, from the clock on", "% of rating")
    #expect(table.count == 5760)
    #expect(plane.mean < 0.1 && direct.maximum < 0.5 && alternating.maximum < 1)
    #expect(direct.mean < 0.05 && alternating.mean < 0.05)
  }
}
