import Testing

@testable import FleetSpec
@testable import World

@Suite struct DirectAndDiffuseTests {
  /// pvlib 0.16.1, `irradiance.erbs`: clearness index and diffuse fraction.
  @Test(arguments: [
    (0.1029793965278702, 0.9907318543124918), (0.3089381895836107, 0.9421351657322624), (0.5148969826393511, 0.6276899773208331),
    (0.7208557756950915, 0.21430273667084832), (0.8753248704868968, 0.165),
  ]) func agreesWithTheReference(clearness: Double, expected: Double) {
    #expect(abs(DirectAndDiffuse.diffuseFraction(clearness: clearness) - expected) < 1e-12)
  }

  @Test func thePartsAddUpToTheWholeAndStayWithinPhysics() {
    for step in 1...1000 {
      let up = Double(step) / 1000
      let sun = SunPosition(east: 0, north: -(1 - up * up).squareRoot(), up: up)
      for share in [0.05, 0.3, 0.6, 0.9, 1.3] {
        let global = ClearSky.globalHorizontal(cosineZenith: up) * share
        let sky = DirectAndDiffuse(global: global, sun: sun)
        #expect(abs(sky.directNormal * up + sky.diffuse - global) < 1e-9)
        #expect(sky.directNormal >= 0 && sky.directNormal <= sun.extraterrestrial)
        #expect(sky.diffuse >= 0)
      }
    }
  }
}

extension SunPosition {
  /// A sun that a test puts where it likes.
  init(east: Double, north: Double, up: Double) {
    self.init(at: 0, observer: Observer(latitude: 0, longitude: 0))
    self.east = east
    self.north = north
    self.up = up
    extraterrestrial = 1361
  }
}
