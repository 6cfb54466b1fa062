import FleetSpec

extension Surroundings {
  /// A cloud reaches the devices of a site one after the other, over about a minute (engineering judgement: 600 m at 10 m/s).
  private var cloudDelay: Milliseconds { Milliseconds(device.stream(StreamNumber.cloudDelay).below(60_000, 0)) }

  /// Sun and clouds, and the plant under them.
  func measureSky(at time: Milliseconds, into conditions: inout Conditions) {
    conditions.moduleTemperature = conditions.ambientTemperature
    let sun = SunPosition(at: place.clock.instant(at: time), observer: place.observer)
    guard sun.up > 0 else { return }
    let clear = ClearSky.globalHorizontal(cosineZenith: sun.up)
    let global = clear * place.clouds.clearSkyIndex(at: time - cloudDelay, &cache.clouds)
    conditions.globalIrradiance = global
    guard let plant = profile.plant, profile.needs.contains(.plane) else { return }
    conditions.planeIrradiance = plant.plane.irradiance(DirectAndDiffuse(global: global, sun: sun), sun: sun)
    measurePlant(plant, into: &conditions)
  }
}
