import FleetSpec

/// A device at its site: the way from an instant to the true values around it.
///
/// Made anew for each sample from what profile and site have in common; what belongs to the device alone is drawn again.
struct Surroundings {
  let profile: ProfileModel
  let place: SiteEnvironment
  let cache: SiteCache
  let device: RandomEntity
  /// Years since the run began.
  let age: Double

  /// What surrounds the device at an instant.
  /// - Parameter memory: what the device carries from one sample to the next; moved on to this one.
  /// - Parameter elapsed: since the sample before, or nil when the device was off in between or has just begun.
  func conditions(at time: Milliseconds, memory: inout DeviceMemory, elapsed: Milliseconds?, sinceLast: Milliseconds) -> Conditions {
    var conditions = Conditions()
    measureWeather(at: time, into: &conditions)
    // After a loss of power the inverter starts anew.
    if elapsed == nil && sinceLast >= profile.interval { memory.isRunning = false }
    noteEpisodes(at: time, &memory, into: &conditions)
    if profile.needs.contains(.sky) { measureSky(at: time, &memory, into: &conditions) }
    measureGrid(at: time, into: &conditions)
    if profile.needs.contains(.meter) { measureMeter(at: time, &memory, elapsed: elapsed, into: &conditions) }
    if profile.needs.contains(.energy) {
      memory.energy.advance(power: conditions.acPower, elapsed: elapsed)
      conditions.energyTotal = memory.energy.wattHours
    }
    if let cabinet = profile.cabinet {
      memory.cabinet = cabinet.advanced(
        memory.cabinet, ambient: conditions.ambientTemperature, power: conditions.acPower, elapsed: sinceLast)
      conditions.cabinetTemperature = memory.cabinet
    }
    measureRadio(at: time, into: &conditions)
    if profile.needs.contains(.machine) {
      conditions.machine = Machine.state(at: time, of: device, hour: place.localTime.hour(at: time))
    }
    return conditions
  }

  private func measureWeather(at time: Milliseconds, into conditions: inout Conditions) {
    let needs = profile.needs
    if needs.contains(.temperature) {
      let cover = place.clouds.cover(at: time, &cache.clouds)
      let parts = place.temperature.parts(at: time, cover: cover, &cache.temperature)
      conditions.ambientTemperature = parts.level + parts.daily
      if needs.contains(.humidity) {
        conditions.humidity = place.humidity.value(
          at: time, temperature: conditions.ambientTemperature, level: parts.level,
          wetness: place.rain.wetness(at: time, place.clouds, &cache.clouds), &cache.humidity)
      }
    }
    if needs.contains(.wind) { conditions.windSpeed = place.wind.value(at: time, &cache.wind) }
    if needs.contains(.windDirection) { conditions.windDirection = place.windDirection.value(at: time, &cache.windDirection) }
    if needs.contains(.pressure) { conditions.pressure = place.pressure.value(at: time, &cache.pressure) }
    if needs.contains(.rain) {
      conditions.rainRate = place.rain.intensity(at: time, regime: place.clouds.regime(at: time, &cache.clouds))
    }
  }
}
