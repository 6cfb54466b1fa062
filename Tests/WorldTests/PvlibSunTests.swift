import Foundation
import Testing

@testable import FleetSpec
@testable import World

@Suite(.enabled(if: PvlibReference.isAvailable)) struct PvlibSunTests {
  @Test func theSunStandsWhereTheReferencePutsItFrom1980To2060() throws {
    let table = try PvlibReference.table("sun")
    var position = Deviation()
    var extraterrestrial = Deviation()
    for row in 0..<table.count {
      let observer = SunPosition.Observer(
        latitude: try table.value("latitude", row), longitude: try table.value("longitude", row))
      let sun = SunPosition(at: Milliseconds(try table.value("time", row)), observer: observer)
      let zenith = try table.value("zenith", row) * .pi / 180
      let azimuth = try table.value("azimuth", row) * .pi / 180
      // The angle between the two directions; at the pole and in the zenith an azimuth alone says nothing.
      let east = sun.east - sin(zenith) * sin(azimuth)
      let north = sun.north - sin(zenith) * cos(azimuth)
      let up = sun.up - cos(zenith)
      position.add((east * east + north * north + up * up).squareRoot() * 180 / .pi)
      extraterrestrial.add(sun.extraterrestrial / (try table.value("extraterrestrial", row)) * 100 - 100)
    }
    position.report("position of the sun, NREL SPA", "degrees")
    extraterrestrial.report("extraterrestrial irradiance", "%")
    #expect(table.count == 5 * 4 * 288 + 7 * 2000)
    #expect(position.maximum < 0.002)
    #expect(extraterrestrial.maximum < 0.01)
  }
}
