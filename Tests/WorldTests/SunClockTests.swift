import Testing

@testable import FleetSpec
@testable import World

@Suite struct SunClockTests {
  @Test func followsTrueTimeWithoutASunTime() {
    let clock = SunClock(fleet: Fleets.fleet(), start: Fleets.start, longitude: 90)
    #expect(clock.instant(at: Fleets.start + 5) == Fleets.start + 5)
    #expect(abs(clock.dayFraction(at: Fleets.start) - 0.25) < 1e-9)
  }

  @Test(arguments: [-179.9, -105.1, 0, 11.6, 151.2]) func showsTheSunTimeAtEveryLongitudeWhenTheRunBegins(longitude: Double) {
    let sunTime: Milliseconds = 11 * 3_600_000 + 30 * 60_000
    let fleet = Fleets.fleet(sunTime: sunTime, sunDate: MonthDay(month: 6, day: 21))
    for start in [Fleets.start, 0, 1_999_999_999_999] {
      let clock = SunClock(fleet: fleet, start: start, longitude: longitude)
      #expect(abs(clock.dayFraction(at: start) - 11.5 / 24) < 1e-9)
      #expect(abs(clock.dayFraction(at: start + 3_600_000) - 12.5 / 24) < 1e-9)
      // 2025-06-21T11:30 local mean solar time.
      let expected = 1_750_464_000_000 + sunTime - Milliseconds((longitude * 240_000).rounded())
      #expect(clock.instant(at: start) == expected)
    }
  }

  @Test func aFleetWithASunTimeSeesDaylightInTheMiddleOfTheNight() {
    // 2026-12-21T23:00:00Z.
    let start: Milliseconds = 1_797_894_000_000
    let sites = [Fleets.site(cloudiness: 0)]
    let dark = World(fleet: Fleets.fleet(sites: sites), start: start)
    let light = World(fleet: Fleets.fleet(sunTime: 12 * 3_600_000, sites: sites), start: start)
    var night = dark.stream(device: 0)
    night.sample()
    var noon = light.stream(device: 0)
    noon.sample()
    #expect(night.reading(0).value == 0)
    #expect(noon.reading(0).value > 5000)
    #expect(noon.reading(0).trueTime == night.reading(0).trueTime)
  }

  @Test func countsDaysAsTheCalendarDoes() {
    #expect(SunClock.daysSince1970(year: 1970, month: 1, day: 1) == 0)
    #expect(SunClock.daysSince1970(year: 2000, month: 2, day: 29) == 11_016)
    #expect(SunClock.daysSince1970(year: 2025, month: 1, day: 1) == 20_089)
    #expect(SunClock.daysSince1970(year: 2025, month: 12, day: 31) == 20_453)
    #expect(SunClock.daysSince1970(year: 1969, month: 12, day: 31) == -1)
  }
}
