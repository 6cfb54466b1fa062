import Glibc
import Testing

@testable import FleetSpec
@testable import World

@Suite struct ClearSkyTests {
  /// pvlib 0.16.1, `clearsky.haurwitz` by zenith angle.
  @Test(arguments: [(0.0, 1035.0920), (30, 888.2713), (60, 487.8941), (80, 135.7417), (88, 7.0667)])
  func agreesWithTheReference(zenith: Double, expected: Double) {
    #expect(abs(ClearSky.globalHorizontal(cosineZenith: cos(zenith * .pi / 180)) - expected) < 0.001)
  }

  @Test func isDarkAtNight() {
    #expect(ClearSky.globalHorizontal(cosineZenith: 0) == 0)
    #expect(ClearSky.globalHorizontal(cosineZenith: -0.5) == 0)
  }
}
