import Glibc
import Testing

@testable import FleetSpec
@testable import World

@Suite struct PlaneOfArrayTests {
  struct Case: Sendable {
    var tilt: Double
    var azimuth: Double
    var zenith: Double
    var sunAzimuth: Double
    var direct: Double
    var global: Double
    var diffuse: Double
    var expected: Double
  }

  /// pvlib 0.16.1: `irradiance.haydavies` + `beam_component` + `get_ground_diffuse(albedo=0.2)`, extraterrestrial 1361.
  static let cases = [
    Case(tilt: 30, azimuth: 180, zenith: 40, sunAzimuth: 200, direct: 700, global: 650, diffuse: 113.77, expected: 809.8046),
    Case(tilt: 20, azimuth: 90, zenith: 70, sunAzimuth: 100, direct: 400, global: 250, diffuse: 113.2, expected: 396.2413),
    Case(tilt: 90, azimuth: 0, zenith: 50, sunAzimuth: 180, direct: 600, global: 500, diffuse: 114.3, expected: 81.9553),
  ]

  @Test(arguments: cases) func agreesWithTheReference(example: Case) {
    let radians = Double.pi / 180
    let sun = SunPosition(
      east: sin(example.zenith * radians) * sin(example.sunAzimuth * radians),
      north: sin(example.zenith * radians) * cos(example.sunAzimuth * radians), up: cos(example.zenith * radians))
    var sky = DirectAndDiffuse(global: example.global, sun: sun)
    sky.directNormal = example.direct
    sky.diffuse = example.diffuse
    let plane = PlaneOfArray(tilt: example.tilt, azimuth: example.azimuth)
    #expect(abs(plane.irradiance(sky, sun: sun) - example.expected) < 0.001)
  }

  @Test func aHorizontalPlaneReceivesTheGlobalIrradiance() {
    for up in [0.05, 0.3, 0.7, 1.0] {
      let sun = SunPosition(east: (1 - up * up).squareRoot(), north: 0, up: up)
      let sky = DirectAndDiffuse(global: ClearSky.globalHorizontal(cosineZenith: up), sun: sun)
      #expect(abs(PlaneOfArray(tilt: 0, azimuth: 123).irradiance(sky, sun: sun) - sky.global) < 1e-9)
    }
  }
}
