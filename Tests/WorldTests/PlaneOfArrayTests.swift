import Glibc
import Testing

@testable import FleetSpec
@testable import World

@Suite struct PlaneOfArrayTests {
  @Test(arguments: SkyModels.Transposition.allCases) func aHorizontalPlaneReceivesTheGlobalIrradiance(model: SkyModels.Transposition) {
    let flat = Orientation(tilt: 0, azimuth: 123)
    for up in [0.2, 0.3, 0.7, 1.0] {
      let sun = SunPosition(east: (1 - up * up).squareRoot(), north: 0, up: up)
      let sky = ClearSky(site: Fleets.site(), model: .ineichen).irradiance(sun: sun, season: 0.4)
      let parts = PlaneOfArray(model: model, albedo: 0.2).irradiance(sky, sun: sun, on: flat)
      #expect(abs(parts.total / sky.global - 1) < 0.01)
      #expect(parts.ground == 0)
    }
  }

  @Test func aPlaneThatLooksAwayFromTheSunGetsNothingFromItsDisc() {
    let sun = SunPosition(east: 0, north: -0.8, up: 0.6)
    let sky = SkyIrradiance(global: 600, directNormal: 700, diffuse: 180)
    let parts = PlaneOfArray(model: .perez, albedo: 0.2).irradiance(sky, sun: sun, on: Orientation(tilt: 90, azimuth: 0))
    #expect(parts.direct == 0 && parts.sky > 0 && abs(parts.ground - 60) < 1e-9)
  }

  @Test func trackersFollowTheSunAndTurnBackWhereTheyWouldShadeEachOther() {
    let tracker = TrackerGeometry(Tracker(axisAzimuth: 180, maximumAngle: 60, groundCoverage: 0.4, backtracking: true))
    let free = TrackerGeometry(Tracker(axisAzimuth: 180, maximumAngle: 60, groundCoverage: 0.4, backtracking: false))
    let observer = SunPosition.Observer(latitude: 0, longitude: 0)
    var last = -90.0
    for minute in stride(from: 0 as Int64, to: 1440, by: 5) {
      let sun = SunPosition(at: Fleets.start + minute * 60_000, observer: observer)
      let rotation = tracker.rotation(sun: sun)
      guard sun.up > 0 else {
        #expect(rotation == 0)
        continue
      }
      #expect(abs(rotation) <= 60 && abs(rotation) <= abs(free.rotation(sun: sun)) + 1e-9)
      if sun.up > 0.75 {
        #expect(rotation >= last)
        last = rotation
        // The axis lies across the sun's path: the modules get more than if they lay flat.
        #expect(tracker.orientation(rotation: rotation).cosineOfIncidence(sun) >= sun.up - 1e-12)
      }
    }
    #expect(last > 20)
  }

  @Test func glassLosesLittleAtNoonAndEverythingAtTheEdge() {
    #expect(IncidenceLoss.transmission(cosine: 1) == 1)
    #expect(IncidenceLoss.transmission(cosine: 0) == 0)
    var last = 0.0
    for step in 1...100 {
      let value = IncidenceLoss.transmission(cosine: Double(step) / 100)
      #expect(value >= last && value <= 1)
      last = value
    }
  }
}
