import Foundation
import Testing

@testable import FleetSpec
@testable import World

/// Grids of haze, trackers and glass, beside the five sites of `PvlibSkyTests`.
@Suite(.enabled(if: PvlibReference.isAvailable)) struct PvlibGeometryTests {
  @Test func hazeAndAltitudeDimAsTheReferenceSays() throws {
    let table = try PvlibReference.table("turbidity")
    var global = Deviation()
    var direct = Deviation()
    var diffuse = Deviation()
    for row in 0..<table.count {
      let sun = try PvlibSkyTests.sun(table, row)
      guard sun.up > 0 else { continue }
      let sky = ClearSky(site: Fleets.site(altitude: try table.value("altitude", row)), model: .ineichen)
        .ineichen(sun: sun, turbidity: try table.value("turbidity", row))
      global.add(PvlibSkyTests.percent(sky.global, of: try table.value("ghi", row)))
      direct.add(PvlibSkyTests.percent(sky.directNormal, of: try table.value("dni", row)))
      diffuse.add(PvlibSkyTests.percent(sky.diffuse, of: try table.value("dhi", row)))
    }
    global.report("GHI, Ineichen, haze 1.5...7.5, altitude 0...4000 m", "%")
    direct.report("DNI, Ineichen, haze 1.5...7.5, altitude 0...4000 m", "%")
    diffuse.report("DHI, Ineichen, haze 1.5...7.5, altitude 0...4000 m", "%")
    #expect(global.count > 2500)
    #expect(global.maximum < 1 && direct.maximum < 1 && diffuse.maximum < 1)
  }

  @Test func trackersOfEveryKindTurnAsTheReferenceSays() throws {
    let table = try PvlibReference.table("trackers")
    var angle = Deviation()
    var low = Deviation()
    var incidence = Deviation()
    for row in 0..<table.count {
      let tracker = TrackerGeometry(
        Tracker(
          axisAzimuth: try table.value("axis", row), maximumAngle: try table.value("maximum", row),
          groundCoverage: try table.value("coverage", row), backtracking: try table.value("backtracking", row) == 1))
      let sun = try PvlibSkyTests.sun(table, row)
      guard sun.up > 0 else { continue }
      let rotation = tracker.rotation(sun: sun)
      let difference = rotation - (try table.value("rotation", row))
      // Where backtracking begins, the angle has a vertical tangent: there the last digit of the sun's place counts.
      if try table.value("zenith", row) < 88 { angle.add(difference) } else { low.add(difference) }
      // The plane may look the same way by another angle; what counts is how the light falls on it.
      let cosine = tracker.orientation(rotation: rotation).cosineOfIncidence(sun)
      incidence.add(cosine - cos(try table.value("incidence", row) * .pi / 180))
    }
    angle.report("tracker angle, five trackers", "degrees")
    low.report("tracker angle, five trackers, sun below 2 degrees", "degrees")
    incidence.report("cosine of incidence on trackers", "")
    #expect(angle.count > 12_000)
    #expect(angle.maximum < 0.05 && angle.mean < 0.001 && low.maximum < 0.1 && incidence.maximum < 0.001)
  }

  @Test func glassPassesWhatTheReferenceSays() throws {
    let table = try PvlibReference.table("glass")
    var direct = Deviation()
    var sky = Deviation()
    var ground = Deviation()
    for row in 0..<table.count {
      let cosine = cos(try table.value("incidence", row) * .pi / 180)
      if cosine > 1e-9 { direct.add(100 * (IncidenceLoss.transmission(cosine: cosine) - (try table.value("physical", row)))) }
      let tilt = try table.value("tilt", row)
      let fromSky = IncidenceLoss(tilt: tilt).effective(PlaneOfArray.Parts(sky: 1), cosineOfIncidence: 1)
      sky.add(100 * (fromSky - (try table.value("sky", row))))
      // From a plane that lies almost flat, the ground is a sliver at the horizon and gives next to no light.
      guard tilt >= 20 else { continue }
      let fromGround = IncidenceLoss(tilt: tilt).effective(PlaneOfArray.Parts(ground: 1), cosineOfIncidence: 1)
      ground.add(100 * (fromGround - (try table.value("ground", row))))
    }
    direct.report("loss at the glass, beam", "%")
    sky.report("loss at the glass, diffuse light by an effective angle, integral of Marion", "%")
    ground.report("loss at the glass, ground's light by an effective angle, integral of Marion", "%")
    #expect(table.count == 181)
    #expect(direct.maximum < 0.001 && sky.maximum < 2 && ground.maximum < 4)
  }
}
