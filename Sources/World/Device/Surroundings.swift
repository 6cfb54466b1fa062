import FleetSpec

/// A device at its site: the way from an instant to the true values around it.
///
/// Made anew for each sample from what profile and site have in common; what belongs to the device alone is drawn again.
struct Surroundings {
  let profile: ProfileModel
  let place: SiteEnvironment
  let cache: SiteCache
  let device: RandomEntity

  /// What surrounds the device at an instant, except for what has a memory.
  func conditions(at time: Milliseconds) -> Conditions {
    var conditions = Conditions()
    measureWeather(at: time, into: &conditions)
    if profile.needs.contains(.sky) { measureSky(at: time, into: &conditions) }
    measureGrid(at: time, into: &conditions)
    measureRadio(at: time, into: &conditions)
    return conditions
  }

  private func measureWeather(at time: Milliseconds, into conditions: inout Conditions) {
    let needs = profile.needs
    if needs.contains(.temperature) {
      let parts = place.temperature.parts(at: time, &cache.temperature)
      conditions.ambientTemperature = parts.level + parts.daily
      if needs.contains(.humidity) {
        conditions.humidity = place.humidity.value(
          at: time, temperature: conditions.ambientTemperature, level: parts.level, &cache.humidity)
      }
    }
    if needs.contains(.wind) { conditions.windSpeed = place.wind.value(at: time, &cache.wind) }
    if needs.contains(.pressure) { conditions.pressure = place.pressure.value(at: time, &cache.pressure) }
  }
}
