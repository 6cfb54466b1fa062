import Foundation
import Testing

@testable import FleetSpec
@testable import World

@Suite(.enabled(if: PvlibReference.isAvailable)) struct PvlibSkyTests {
  static func sun(_ table: PvlibReference.Table, _ row: Int) throws -> SunPosition {
    SunPosition(
      at: Milliseconds(try table.value("time", row)),
      observer: SunPosition.Observer(latitude: try table.value("latitude", row), longitude: try table.value("longitude", row)))
  }

  /// In percent of the reference, or of 50 W/m2 where that is more: dawn is not what a plant lives on.
  static func percent(_ value: Double, of reference: Double) -> Double { (value - reference) / max(reference, 50) * 100 }

  @Test func theClearSkyIsThatOfTheReference() throws {
    let table = try PvlibReference.table("clear-sky")
    var global = Deviation()
    var direct = Deviation()
    var diffuse = Deviation()
    var haurwitz = Deviation()
    for row in 0..<table.count {
      var site = Fleets.site(altitude: try table.value("altitude", row))
      site.linkeTurbidity = [Double](repeating: try table.value("turbidity", row), count: 12)
      let sun = try Self.sun(table, row)
      let sky = ClearSky(site: site, model: .ineichen).irradiance(sun: sun, season: 0)
      global.add(Self.percent(sky.global, of: try table.value("ghi", row)))
      // With the disc's middle below the horizon it is night here; the reference still sees it refracted.
      guard sun.up > 0 else { continue }
      direct.add(Self.percent(sky.directNormal, of: try table.value("dni", row)))
      diffuse.add(Self.percent(sky.diffuse, of: try table.value("dhi", row)))
      haurwitz.add(Self.percent(ClearSky.haurwitz(cosineZenith: sun.up), of: try table.value("haurwitz", row)))
    }
    global.report("GHI, Ineichen", "%")
    direct.report("DNI, Ineichen", "%")
    diffuse.report("DHI, Ineichen", "%")
    haurwitz.report("GHI, Haurwitz", "%")
    #expect(table.count == 5760)
    #expect(global.maximum < 1 && direct.maximum < 1 && diffuse.maximum < 1 && haurwitz.maximum < 1)
  }

  @Test func thePlaneOfArrayIsThatOfTheReference() throws {
    let table = try PvlibReference.table("plane")
    var models: [(SkyModels.Transposition, String, Deviation)] = [
      (.perez, "perez", Deviation()), (.hayDavies, "haydavies", Deviation()), (.isotropic, "isotropic", Deviation()),
    ]
    var angle = Deviation()
    var tracked = Deviation()
    var glass = Deviation()
    let tracker = TrackerGeometry(Tracker(axisAzimuth: 180, maximumAngle: 55, groundCoverage: 0.4, backtracking: true))
    for row in 0..<table.count {
      let sun = try Self.sun(table, row)
      let sky = SkyIrradiance(
        global: try table.value("ghi", row), directNormal: try table.value("dni", row), diffuse: try table.value("dhi", row))
      let plane = Orientation(tilt: try table.value("tilt", row), azimuth: try table.value("azimuth", row))
      for index in models.indices {
        let total = PlaneOfArray(model: models[index].0, albedo: 0.2).irradiance(sky, sun: sun, on: plane).total
        // Twilight of the reference without a disc above the horizon is night here.
        if sun.up > 0 { models[index].2.add(Self.percent(total, of: try table.value(models[index].1, row))) }
      }
      let reference = try table.value("tracker", row)
      guard reference != 999, sun.up > 0.02 else { continue }
      let rotation = tracker.rotation(sun: sun)
      angle.add(rotation - reference)
      let total = PlaneOfArray(model: .perez, albedo: 0.2).irradiance(sky, sun: sun, on: tracker.orientation(rotation: rotation)).total
      tracked.add(Self.percent(total, of: try table.value("tracked", row)))
      let incidence = try table.value("incidence", row)
      if incidence < 89 {
        glass.add(IncidenceLoss.transmission(cosine: plane.cosineOfIncidence(sun)) * 100 - 100 * (try table.value("physical", row)))
      }
    }
    for (_, name, deviation) in models {
      deviation.report("plane of array, \(name)", "%")
      #expect(deviation.maximum < 1)
    }
    angle.report("tracker angle", "degrees")
    tracked.report("plane of array of a tracker, perez", "%")
    glass.report("angle-of-incidence loss", "%")
    #expect(angle.mean < 0.02 && tracked.maximum < 1 && glass.maximum < 0.5)
    #expect(angle.count > 2000)
  }

  @Test func temperatureAndPowerAreThoseOfTheReference() throws {
    let table = try PvlibReference.table("power")
    var faiman = Deviation()
    var sapm = Deviation()
    var direct = Deviation()
    var alternating = Deviation()
    var specification = Fleets.plant
    specification.losses = 0
    let array = SolarArray(plant: specification)
    let inverter = Inverter(plant: specification)
    for row in 0..<table.count {
      let irradiance = try table.value("irradiance", row)
      let ambient = try table.value("ambient", row)
      let wind = try table.value("wind", row)
      let cell = CellTemperature.faiman(planeIrradiance: irradiance, ambient: ambient, wind: wind)
      faiman.add(cell - (try table.value("faiman", row)))
      sapm.add(CellTemperature.sapm(planeIrradiance: irradiance, ambient: ambient, wind: wind) - (try table.value("sapm", row)))
      let dc = array.availablePower(irradiance: irradiance, cellTemperature: cell)
      direct.add((dc - (try table.value("dc", row))) / specification.dcCapacity * 100)
      let ac = inverter.convert(available: dc, ambient: ambient, allowed: 1, isTripped: false, isRunning: true).ac
      alternating.add((ac - max(0, try table.value("ac", row))) / specification.acCapacity * 100)
    }
    faiman.report("cell temperature, Faiman", "K")
    sapm.report("cell temperature, SAPM", "K")
    direct.report("DC power", "% of rating")
    alternating.report("AC power", "% of rating")
    #expect(table.count == 5760)
    #expect(faiman.maximum < 0.01 && sapm.maximum < 0.01 && direct.maximum < 0.01 && alternating.maximum < 1)
  }
}
