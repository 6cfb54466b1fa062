/// What one thread remembers of a site's sky, weather and grid from one sample to the next, for all devices of the site. It never
/// changes a result.
final class SiteCache {
  var ephemeris = SunEphemeris.Cache()
  var clouds = Clouds.Cache()
  var temperature = NoiseCache()
  var wind = NoiseCache()
  var windDirection = NoiseCache()
  var humidity = NoiseCache()
  var pressure = NoiseCache()
  var gridFrequency = NoiseCache()
  var gridVoltage = NoiseCache()
  var curtailment: EpisodeFinder?
  var disturbances: EpisodeFinder?
  var soilingDay = Int64.min
  var dryDays: Int64 = 0

  init(_ place: SiteEnvironment) {
    place.clouds.prepare(&clouds)
    curtailment = place.curtailment.map { EpisodeFinder($0) }
    disturbances = place.disturbances.map { EpisodeFinder($0) }
  }
}
