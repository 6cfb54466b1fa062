/// What one thread remembers of a site's sky and weather from one sample to the next, for all devices of the site. It never changes a result.
final class SiteCache {
  var clouds = Clouds.Cache()
  var temperature = NoiseCache()
  var wind = NoiseCache()
  var humidity = NoiseCache()
  var pressure = NoiseCache()
  var gridFrequency = NoiseCache()
  var gridVoltage = NoiseCache()
}
