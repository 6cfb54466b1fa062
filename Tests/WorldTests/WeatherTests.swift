import Testing

@testable import FleetSpec
@testable import World

@Suite struct WeatherTests {
  /// The mean over many seeds of one kind of weather at a site.
  static func mean(_ site: Site, at time: Milliseconds, _ value: (SiteEnvironment) -> Double) -> Double {
    var sum = 0.0
    for seed in 0..<400 as Range<UInt64> {
      let fleet = Fleets.fleet(seed: seed, sites: [site])
      sum += value(SiteEnvironment(site: site, fleet: fleet, start: Fleets.start))
    }
    return sum / 400
  }

  static func temperature(_ site: Site, at time: Milliseconds) -> Double {
    mean(site, at: time) { place in
      let parts = place.temperature.parts(at: time)
      return parts.level + parts.daily
    }
  }

  @Test func temperatureFollowsSeasonHemisphereHourAndAltitude() {
    let north = Fleets.site(longitude: 0, altitude: 0)
    let south = Fleets.site(latitude: -48.1, longitude: 0, altitude: 0)
    let mountain = Fleets.site(longitude: 0, altitude: 2000)
    // 2026-07-15 and 2026-01-15, 15:00 and 03:00.
    let summer: Milliseconds = 1_784_127_600_000
    let winter: Milliseconds = 1_768_489_200_000
    let night = summer - 12 * 3_600_000
    let warm = WeatherTests.temperature(north, at: summer)
    #expect(warm > 20 && warm < 32)
    #expect(WeatherTests.temperature(north, at: winter) < warm - 15)
    #expect(WeatherTests.temperature(south, at: summer) < WeatherTests.temperature(south, at: winter) - 15)
    #expect(WeatherTests.temperature(north, at: night) < warm - 6)
    #expect(abs(WeatherTests.temperature(mountain, at: summer) - (warm - 13)) < 1e-6)
  }

  @Test func pressureFallsWithAltitude() {
    let time = Fleets.start
    let sea = WeatherTests.mean(Fleets.site(altitude: 0), at: time) { $0.pressure.value(at: time) }
    let high = WeatherTests.mean(Fleets.site(altitude: 1500), at: time) { $0.pressure.value(at: time) }
    #expect(abs(sea - 1013) < 2)
    #expect(abs(high - 845.6) < 2)
  }

  @Test func windAndHumidityStayWithinPhysics() {
    var total = 0.0
    for seed in 0..<200 as Range<UInt64> {
      let fleet = Fleets.fleet(seed: seed)
      let place = SiteEnvironment(site: Fleets.site(), fleet: fleet, start: Fleets.start)
      for hour in 0..<48 as Range<Int64> {
        let time = Fleets.start + hour * 3_600_000
        let wind = place.wind.value(at: time)
        #expect(wind > 0 && wind <= 40)
        total += wind
        let parts = place.temperature.parts(at: time)
        let humidity = place.humidity.value(at: time, temperature: parts.level + parts.daily, level: parts.level)
        #expect(humidity >= 3 && humidity <= 100)
      }
    }
    #expect(abs(total / 9600 - 2.9) < 0.3)
  }

  @Test func airIsDrierWhenItIsWarmer() {
    let humidity = Humidity(site: Fleets.site(), seed: 1, entity: 1)
    let cool = humidity.value(at: Fleets.start, temperature: 12, level: 15)
    #expect(humidity.value(at: Fleets.start, temperature: 20, level: 15) < cool - 15)
  }

  @Test func frequencyIsTheSameEverywhereInOneGrid() {
    let munich = GridFrequency(site: Fleets.site(), seed: 1)
    let madrid = GridFrequency(site: Fleets.site("m", latitude: 40, longitude: -3.7), seed: 1)
    let denver = GridFrequency(site: Fleets.site("d", latitude: 39.7, longitude: -105), seed: 1)
    for second in 0..<5000 as Range<Int64> {
      let time = Fleets.start + second * 1000
      #expect(munich.value(at: time) == madrid.value(at: time))
      #expect(abs(munich.value(at: time) - 50) < 0.12)
      #expect(abs(denver.value(at: time) - 60) < 0.12)
    }
  }
}
