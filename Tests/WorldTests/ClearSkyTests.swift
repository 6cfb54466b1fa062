import Glibc
import Testing

@testable import FleetSpec
@testable import World

@Suite struct ClearSkyTests {
  /// pvlib 0.16.1, `clearsky.haurwitz` by zenith angle.
  @Test(arguments: [(0.0, 1035.0920), (30, 888.2713), (60, 487.8941), (80, 135.7417), (88, 7.0667)])
  func haurwitzAgreesWithTheReference(zenith: Double, expected: Double) {
    #expect(abs(ClearSky.haurwitz(cosineZenith: cos(zenith * .pi / 180)) - expected) < 0.001)
  }

  @Test(arguments: SkyModels.ClearSky.allCases) func isDarkAtNightAndItsPartsAddUp(model: SkyModels.ClearSky) {
    let sky = ClearSky(site: Fleets.site(), model: model)
    #expect(sky.irradiance(sun: SunPosition(east: 1, north: 0, up: 0), season: 0.5) == SkyIrradiance())
    #expect(sky.irradiance(sun: SunPosition(east: 0.8, north: 0, up: -0.6), season: 0.5) == SkyIrradiance())
    for step in 1...1000 {
      let up = Double(step) / 1000
      let sun = SunPosition(east: 0, north: -(1 - up * up).squareRoot(), up: up)
      let irradiance = sky.irradiance(sun: sun, season: Double(step) / 1001)
      #expect(irradiance.directNormal >= 0 && irradiance.directNormal <= sun.extraterrestrial)
      #expect(irradiance.diffuse >= 0)
      // Refraction near the horizon is in the whole, not in the height of the disc.
      #expect(abs(irradiance.directNormal * up + irradiance.diffuse - irradiance.global) < 2)
    }
  }

  @Test func hazeDims() {
    var clean = Fleets.site()
    clean.linkeTurbidity = [Double](repeating: 2, count: 12)
    var hazy = clean
    hazy.linkeTurbidity = [Double](repeating: 6, count: 12)
    let sun = SunPosition(east: 0, north: -0.6, up: 0.8)
    let bright = ClearSky(site: clean, model: .ineichen).irradiance(sun: sun, season: 0.2)
    let dim = ClearSky(site: hazy, model: .ineichen).irradiance(sun: sun, season: 0.2)
    #expect(dim.global < bright.global && dim.directNormal < 0.75 * bright.directNormal && dim.diffuse > bright.diffuse)
  }

  @Test func cloudsTakeTheDiscFirstAndNeverMoreThanThereIs() {
    let clear = SkyIrradiance(global: 700, directNormal: 800, diffuse: 700 - 800 * 0.7)
    var last = 0.0
    for step in 0...150 {
      let index = Double(step) / 100
      let sky = clear.behindClouds(index: index, cosineZenith: 0.7)
      #expect(abs(sky.global - 700 * index) < 1e-9)
      #expect(abs(sky.directNormal * 0.7 + sky.diffuse - sky.global) < 1e-9)
      #expect(sky.diffuse >= 0 && sky.directNormal >= last && sky.directNormal <= 800)
      last = sky.directNormal
    }
    #expect(clear.behindClouds(index: 0.27, cosineZenith: 0.7).directNormal == 0)
  }
}
