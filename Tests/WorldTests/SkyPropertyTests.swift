import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// What holds under every sky, everywhere.
@Suite(.enabled(if: Build.isOptimised)) struct SkyPropertyTests {
  static let places = [(0.0, -78.0, 2850.0), (48.1, 11.6, 520), (69.7, 19, 10), (-33.9, 151.2, 40), (-90, 0, 2800), (23.4, 55, -50)]

  @Test(arguments: SkyModels.ClearSky.allCases, SkyModels.Transposition.allCases)
  func nightIsDarkAndDayIsFinite(clearSky: SkyModels.ClearSky, transposition: SkyModels.Transposition) {
    let draws = RandomStream(seed: 1, device: 2, stream: 3)
    for (latitude, longitude, altitude) in Self.places {
      let site = Fleets.site(latitude: latitude, longitude: longitude, altitude: altitude, cloudiness: 0.5)
      var fleet = Fleets.fleet(sites: [site])
      fleet.sky = SkyModels(clearSky: clearSky, transposition: transposition)
      let place = SiteEnvironment(site: site, fleet: fleet, start: Fleets.start)
      let cache = SiteCache(place)
      var nights = 0
      for index in 0..<2000 as Range<UInt64> {
        let time = Fleets.start + Int64(draws.below(UInt64(365 * Fleets.day), index))
        let sun = place.sun(at: time, &cache.ephemeris)
        let sky = place.sky(at: time, sun: sun, position: Clouds.Position(east: 100, north: -50), cache)
        let plane = Orientation(tilt: 90 * draws.uniform(index + 5000), azimuth: 360 * draws.uniform(index + 9000))
        let parts = place.plane.irradiance(sky, sun: sun, on: plane)
        if sun.up <= 0 {
          nights += 1
          #expect(sky == SkyIrradiance() && parts == PlaneOfArray.Parts())
          continue
        }
        #expect(sky.global >= 0 && sky.global < 1700 && sky.diffuse >= 0)
        #expect(sky.directNormal >= 0 && sky.directNormal <= sun.extraterrestrial)
        #expect(abs(sky.directNormal * sun.up + sky.diffuse - sky.global) < 2)
        #expect(parts.direct >= 0 && parts.sky >= 0 && parts.ground >= 0 && parts.total < 2200)
        let effective = IncidenceLoss(tilt: plane.tilt).effective(parts, cosineOfIncidence: plane.cosineOfIncidence(sun))
        #expect(effective >= 0 && effective <= parts.total + 1e-9)
      }
      #expect(nights > 500)
    }
  }

  @Test func theSunNeverRisesAtThePoleInWinterAndNeverSetsInSummer() {
    let pole = SunPosition.Observer(latitude: 90, longitude: 0)
    // 2026-12-21 and 2026-06-21.
    for hour in 0..<24 as Range<Int64> {
      let winter = SunPosition(at: 1_797_811_200_000 + hour * Fleets.hour, observer: pole)
      let summer = SunPosition(at: Fleets.start + hour * Fleets.hour, observer: pole)
      #expect(abs(winter.elevation + 23.44) < 0.01 && abs(summer.elevation - 23.44) < 0.01)
    }
  }

  @Test func theCacheOfTheEphemerisChangesNothing() {
    let observer = SunPosition.Observer(latitude: 48, longitude: 11)
    let draws = RandomStream(seed: 1, device: 2, stream: 4)
    var cache = SunEphemeris.Cache()
    for index in 0..<3000 as Range<UInt64> {
      // Around 1970, where the division rounds the other way, as well as in our time; forwards mostly.
      let base: Milliseconds = index % 500 < 250 ? -40_000_000 : Fleets.start
      let time = base + Int64(index % 500) * 777_777 - (index % 50 == 0 ? Int64(draws.below(200_000_000, index)) : 0)
      #expect(SunPosition(at: time, observer: observer, &cache) == SunPosition(at: time, observer: observer))
    }
  }

  @Test func theSunMovesSmoothlyWhereTheEphemerisChangesItsCell() {
    let observer = SunPosition.Observer(latitude: 48, longitude: 11)
    for cell in 0..<500 as Range<Int64> {
      let edge = cell * 4 * Fleets.hour + 1_782_000_000_000 / (4 * Fleets.hour) * (4 * Fleets.hour)
      let before = SunPosition(at: edge - 1000, observer: observer)
      let middle = SunPosition(at: edge, observer: observer)
      let after = SunPosition(at: edge + 1000, observer: observer)
      #expect(abs((after.up - middle.up) - (middle.up - before.up)) < 2e-8)
      #expect(abs((after.east - middle.east) - (middle.east - before.east)) < 2e-8)
    }
  }
}
