import Testing

@testable import FleetSpec
@testable import World

@Suite struct SunPositionTests {
  struct Point: Sendable {
    var instant: Milliseconds
    var latitude: Double
    var longitude: Double
    var elevation: Double
    var azimuth: Double
  }

  /// NREL SPA (Reda, Andreas 2004) as implemented in pvlib 0.16.1, `solarposition.spa_python`, columns `elevation` and `azimuth`. The first is
  /// the example of the SPA report (39.742476 N, 105.1786 W, 2003-10-17 12:30:30 local).
  static let points = [
    Point(instant: 1_066_419_030_000, latitude: 39.742476, longitude: -105.1786, elevation: 39.8720, azimuth: 194.3402),
    Point(instant: 1_750_507_200_000, latitude: 48.1, longitude: 11.6, elevation: 63.7976, azimuth: 203.6613),
    Point(instant: 1_766_304_900_000, latitude: 52.5, longitude: 13.4, elevation: 5.5666, azimuth: 141.5872),
    Point(instant: 1_773_974_400_000, latitude: -33.9, longitude: 151.2, elevation: 55.1844, azimuth: 343.5349),
    Point(instant: 1_709_225_100_000, latitude: 35.7, longitude: -5.3, elevation: 16.8573, azimuth: 247.1769),
    Point(instant: 1_911_784_800_000, latitude: 65.0, longitude: 25.5, elevation: 9.7181, azimuth: 67.9719),
    Point(instant: 1_767_225_600_000, latitude: -75.1, longitude: 123.3, elevation: 30.3230, azimuth: 64.1079),
  ]

  @Test(arguments: points) func agreesWithTheReference(point: Point) {
    let sun = SunPosition(
      at: point.instant, observer: SunPosition.Observer(latitude: point.latitude, longitude: point.longitude))
    #expect(abs(sun.elevation - point.elevation) < 0.015)
    #expect(abs(sun.azimuth - point.azimuth) < 0.02)
    #expect(abs(sun.east * sun.east + sun.north * sun.north + sun.up * sun.up - 1) < 1e-12)
  }

  /// Almost in the zenith an azimuth means little: only the elevation is compared.
  @Test func agreesInTheZenith() {
    let sun = SunPosition(at: 1_790_183_130_000, observer: SunPosition.Observer(latitude: 0, longitude: -78.5))
    #expect(abs(sun.elevation - 89.6598) < 0.015)
  }

  @Test func distanceChangesTheIrradianceOverTheYear() {
    let observer = SunPosition.Observer(latitude: 0, longitude: 0)
    let january = SunPosition(at: 1_767_484_800_000, observer: observer).extraterrestrial
    let july = SunPosition(at: 1_783_209_600_000, observer: observer).extraterrestrial
    #expect(january > 1404 && january < 1410)
    #expect(july > 1312 && july < 1319)
  }
}
