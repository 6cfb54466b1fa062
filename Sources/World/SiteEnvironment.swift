import FleetSpec

/// A site with everything that its devices share: sun, sky, weather and grid.
struct SiteEnvironment: Sendable {
  /// The number by which the site draws from `RandomStream`.
  let entity: UInt64
  let site: Site
  let clock: SunClock
  let observer: SunPosition.Observer
  let clouds: Clouds
  let temperature: AmbientTemperature
  let wind: WindSpeed
  let humidity: Humidity
  let pressure: AirPressure
  let gridFrequency: GridFrequency
  let gridVoltage: GridVoltage

  init(site: Site, fleet: Fleet, start: Milliseconds) {
    // Its own name space, so that a site and a device of the same name share nothing.
    let entity = Entity.number(of: "site/" + site.id)
    self.entity = entity
    self.site = site
    clock = SunClock(fleet: fleet, start: start, longitude: site.longitude)
    observer = SunPosition.Observer(latitude: site.latitude, longitude: site.longitude)
    clouds = Clouds(site: site, seed: fleet.seed, entity: entity)
    temperature = AmbientTemperature(site: site, clock: clock, seed: fleet.seed, entity: entity)
    wind = WindSpeed(seed: fleet.seed, entity: entity)
    humidity = Humidity(site: site, seed: fleet.seed, entity: entity)
    pressure = AirPressure(site: site, seed: fleet.seed, entity: entity)
    gridFrequency = GridFrequency(site: site, seed: fleet.seed)
    gridVoltage = GridVoltage(site: site, seed: fleet.seed, entity: entity)
  }
}
