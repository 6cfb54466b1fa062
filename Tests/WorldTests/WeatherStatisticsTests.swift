import Glibc
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// Rain, wind, temperature and humidity, and how they follow the clouds.
@Suite(.enabled(if: Build.isOptimised)) struct WeatherStatisticsTests {
  static let days: Range<Int64> = 20_000..<30_000

  @Test func overcastHalfHoursAreWetAsOftenAndAsHardAsSaid() {
    let place = CloudsTests.place(0.5, seed: 6)
    var rainy = 0
    var overcast = 0
    var intensities: [Double] = []
    for day in Self.days {
      let states = place.clouds.regimes.day(day)
      if place.rain.isRainy(day: day) { rainy += 1 }
      var sum = 0.0
      for step in 0..<SkyRegimes.stepsPerDay {
        let time = CloudStatisticsTests.ten(place, day: day) - 10 * Fleets.hour + Int64(step) * SkyRegimes.step + 77_000
        let intensity = place.rain.intensity(at: time, regime: states[step])
        sum += intensity / 2
        if states[step] == .overcast && place.rain.isRainy(day: day) { overcast += 1 } else { #expect(intensity == 0) }
        if intensity > 0 { intensities.append(intensity) }
      }
      #expect(abs(place.rain.total(day: day) - sum) < 1e-9)
    }
    let weather = Statistics.proportion(rainy, of: Self.days.count, probability: Rain.shareOfRainyDays)
    #expect(!weather.isImplausible, "\(weather)")
    let often = Statistics.proportion(intensities.count, of: overcast, probability: Rain.chance)
    #expect(!often.isImplausible, "\(often)")
    let hard = Statistics.kolmogorovSmirnov(intensities, Distributions.exponential(mean: Rain.meanIntensity))
    #expect(!hard.isImplausible, "\(hard)")
  }

  @Test func cloudyPlacesAreWetter() {
    var years: [Double] = []
    var wetDays: [Double] = []
    for cloudiness in [0.1, 0.25, 0.4, 0.6, 0.8] {
      let rain = CloudsTests.place(cloudiness, seed: 6).rain
      let totals = (20_000..<23_652 as Range<Int64>).map { rain.total(day: $0) }
      years.append(totals.reduce(0, +) / 10)
      wetDays.append(Double(totals.count { $0 >= 1 }) / 10)
    }
    print("rain: mm a year at a cloudiness of 0.1, 0.25, 0.4, 0.6, 0.8: \(years); days with 1 mm or more: \(wetDays)")
    #expect(zip(years, years.dropFirst()).allSatisfy { $0 < $1 } && zip(wetDays, wetDays.dropFirst()).allSatisfy { $0 < $1 })
    #expect(years[0] > 5 && years[0] < 100 && years[4] > 900 && years[4] < 2500)
  }

  @Test func windIsWeibullDistributed() {
    let speeds = (0..<10_000 as Range<UInt64>).map { seed in
      WindSpeed(seed: seed, entity: 4).value(at: Fleets.start + Int64(seed) * 3_456_789)
    }
    let fit = Statistics.kolmogorovSmirnov(speeds, Distributions.weibull(scale: WindSpeed.scale, shape: 2))
    print("wind: \(fit), mean \(speeds.reduce(0, +) / 10_000), greatest \(speeds.max() ?? 0)")
    #expect(!fit.isImplausible, "\(fit)")
  }

  @Test func windHasGustsAndLulls() {
    let wind = WindSpeed(seed: 1, entity: 4)
    var cache = NoiseCache()
    var largest = 1.0
    for minute in 0..<600 as Range<Int64> {
      let speeds = (0..<60 as Range<Int64>).map { wind.value(at: Fleets.start + minute * 60_000 + $0 * 1000, &cache) }
      let mean = speeds.reduce(0, +) / 60
      if mean > 2, let gust = speeds.max() { largest = max(largest, gust / mean) }
    }
    // WMO: gust factors of 1.3 to 2 over open land.
    #expect(largest > 1.2 && largest < 2.5)
  }

  @Test func daysWarmUpLessUnderCloud() {
    let place = CloudsTests.place(0.5, seed: 12)
    var clear: [Double] = []
    var closed: [Double] = []
    let cache = SiteCache(place)
    for day in Self.days.prefix(3000) {
      let noon = CloudStatisticsTests.ten(place, day: day) + 5 * Fleets.hour
      let cover = place.clouds.cover(at: noon, &cache.clouds)
      // Warmest minus coldest, without the weather's own changes.
      let range =
        place.temperature.parts(at: noon, cover: cover, &cache.temperature).daily
        - place.temperature.parts(at: noon - 12 * Fleets.hour, cover: cover, &cache.temperature).daily
      if cover < 0.25 { clear.append(range) }
      if cover > 0.75 { closed.append(range) }
    }
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    #expect(clear.count > 100 && closed.count > 100)
    #expect(mean(clear) > 9.8 && mean(closed) < 6.7)
  }

  @Test func temperatureNeverJumpsWhateverTheClouds() {
    for seed in 0..<20 as Range<UInt64> {
      let place = CloudsTests.place(0.5, seed: seed)
      let cache = SiteCache(place)
      var last: Double?
      for minute in 0..<2 * 1440 as Range<Int64> {
        let time = Fleets.start + minute * 60_000
        let cover = place.clouds.cover(at: time, &cache.clouds)
        let parts = place.temperature.parts(at: time, cover: cover, &cache.temperature)
        if let last { #expect(abs(parts.level + parts.daily - last) < 0.15) }
        last = parts.level + parts.daily
      }
    }
  }

  @Test func airIsMoistWhileItRains() {
    let place = CloudsTests.place(0.6, seed: 9)
    let cache = SiteCache(place)
    var wet: [Double] = []
    var dry: [Double] = []
    for step in 0..<3000 as Range<Int64> {
      let time = Fleets.start + step * 1_700_000
      let cover = place.clouds.cover(at: time, &cache.clouds)
      let parts = place.temperature.parts(at: time, cover: cover, &cache.temperature)
      let wetness = place.rain.wetness(at: time, place.clouds, &cache.clouds)
      #expect(wetness >= 0 && wetness <= 1)
      let humidity = place.humidity.value(
        at: time, temperature: parts.level + parts.daily, level: parts.level, wetness: wetness, &cache.humidity)
      if wetness == 1 { wet.append(humidity) }
      if wetness == 0 { dry.append(humidity) }
    }
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    #expect(wet.count > 50)
    #expect(mean(wet) > 85 && mean(dry) < 80 && (wet.min() ?? 0) > 70)
  }
}
