import FleetSpec

/// A site with everything that its devices share: sun, sky, weather and grid.
final class SiteEnvironment: Sendable {
  /// The number by which the site draws from `RandomStream`.
  let entity: UInt64
  let random: RandomEntity
  let site: Site
  let clock: SunClock
  let localTime: LocalTime
  let observer: SunPosition.Observer
  let clearSky: ClearSky
  let clouds: Clouds
  let rain: Rain
  let plane: PlaneOfArray
  let temperature: AmbientTemperature
  let wind: WindSpeed
  let humidity: Humidity
  let pressure: AirPressure
  let gridFrequency: GridFrequency
  let gridVoltage: GridVoltage
  let windDirection: WindDirection
  /// Nil when the grid is calm and its operator silent.
  let gridEvents: GridEvents?
  let curtailment: OutageProcess?
  let disturbances: OutageProcess?
  let disturbance: GridDisturbance

  init(site: Site, fleet: Fleet, start: Milliseconds) {
    // Its own name space, so that a site and a device of the same name share nothing.
    let entity = Entity.number(of: "site/" + site.id)
    let random = RandomEntity(seed: fleet.seed, entity: entity)
    self.entity = entity
    self.random = random
    self.site = site
    clock = SunClock(fleet: fleet, start: start, longitude: site.longitude)
    localTime = LocalTime(rules: site.timeZone)
    observer = SunPosition.Observer(latitude: site.latitude, longitude: site.longitude)
    clearSky = ClearSky(site: site, model: fleet.sky.clearSky)
    clouds = Clouds(site: site, clock: clock, random: random)
    rain = Rain(regimes: clouds.regimes, clock: clock, random: random)
    plane = PlaneOfArray(model: fleet.sky.transposition, albedo: site.albedo)
    temperature = AmbientTemperature(site: site, clock: clock, seed: fleet.seed, entity: entity)
    wind = WindSpeed(seed: fleet.seed, entity: entity)
    humidity = Humidity(site: site, seed: fleet.seed, entity: entity)
    pressure = AirPressure(site: site, seed: fleet.seed, entity: entity)
    gridFrequency = GridFrequency(site: site, seed: fleet.seed)
    gridVoltage = GridVoltage(site: site, seed: fleet.seed, entity: entity)
    windDirection = WindDirection(random: random)
    let grid = fleet.grid
    gridEvents = grid.curtailment.isPossible || grid.disturbances.isPossible ? grid : nil
    curtailment =
      grid.curtailment.isPossible
      ? OutageProcess(
        grid.curtailment, of: random, gap: StreamNumber.curtailmentGap, length: StreamNumber.curtailmentLength, start: start,
        cause: .gridOperator) : nil
    disturbances =
      grid.disturbances.isPossible
      ? OutageProcess(
        grid.disturbances, of: random, gap: StreamNumber.disturbanceGap, length: StreamNumber.disturbanceLength, start: start,
        cause: .grid) : nil
    disturbance = GridDisturbance(random: random)
  }

  /// The sun at an instant of the run.
  func sun(at time: Milliseconds) -> SunPosition { SunPosition(at: clock.instant(at: time), observer: observer) }

  /// The same, much faster for a series of instants.
  func sun(at time: Milliseconds, _ cache: inout SunEphemeris.Cache) -> SunPosition {
    SunPosition(at: clock.instant(at: time), observer: observer, &cache)
  }

  /// The sky over a place of the site.
  func sky(at time: Milliseconds, sun: SunPosition, position: Clouds.Position, _ cache: SiteCache) -> SkyIrradiance {
    let clear = clearSky.irradiance(sun: sun, season: clock.season(at: time))
    guard clear.global > 0 else { return clear }
    let index = clouds.clearSkyIndex(at: time, position: position, &cache.clouds)
    return clear.behindClouds(index: index, cosineZenith: sun.up)
  }
}
