import FleetSpec

/// Everything about a device that does not change while it runs, and the way from an instant to the conditions around it.
final class DeviceModel: Sendable {
  let start: Milliseconds
  let interval: Milliseconds
  /// When after the start of the run the first sample is due.
  let phase: Milliseconds
  let sensors: [SensorModel]
  let clock: DeviceClockModel
  let malformations: MalformationModel
  let energy: EnergyCounter?
  let cabinet: CabinetTemperature?
  private let needs: Needs
  private let place: SiteEnvironment
  private let plant: Plant?
  private let battery: Battery
  private let signal: SignalStrength
  /// A cloud reaches the devices of a site one after the other, over about a minute (engineering judgement: 600 m at 10 m/s).
  private let cloudDelay: Milliseconds

  init(identity: DeviceIdentity, profile: FirmwareProfile, place: SiteEnvironment, seed: UInt64, start: Milliseconds) {
    let entity = identity.randomEntity
    self.start = start
    self.place = place
    interval = max(1, profile.interval)
    phase = Milliseconds(
      RandomStream(seed: seed, device: entity, stream: StreamNumber.samplePhase).below(UInt64(interval), 0))
    sensors = profile.sensors.enumerated().map { SensorModel($1, index: $0, seed: seed, entity: entity) }
    clock = DeviceClockModel(profile.clock, seed: seed, entity: entity, start: start)
    malformations = MalformationModel(probability: profile.faults.malformed, seed: seed, entity: entity)
    needs = Needs(sensors: profile.sensors, plant: profile.plant)
    plant = profile.plant.map { Plant($0) }
    let energyStart = RandomStream(seed: seed, device: entity, stream: StreamNumber.energyStart)
    energy = needs.contains(.energy) ? profile.plant.map { EnergyCounter(plant: $0, random: energyStart) } : nil
    let interval = self.interval
    cabinet = needs.contains(.cabinet) ? profile.plant.map { CabinetTemperature(plant: $0, interval: interval) } : nil
    battery = Battery(site: place.site, clock: place.clock, seed: seed, entity: entity)
    signal = SignalStrength(seed: seed, entity: entity)
    cloudDelay = Milliseconds(RandomStream(seed: seed, device: entity, stream: StreamNumber.cloudDelay).below(60_000, 0))
  }

  /// What surrounds the device at an instant, except for what has a memory: energy counter and cabinet.
  /// - Parameter noise: the device's caches; they do not change the result.
  func conditions(at time: Milliseconds, _ noise: inout DeviceNoise) -> Conditions {
    var conditions = Conditions()
    measureWeather(at: time, &noise, into: &conditions)
    if needs.contains(.sky) { measureSky(at: time, &noise, into: &conditions) }
    measureGrid(at: time, &noise, into: &conditions)
    if needs.contains(.battery) {
      conditions.batteryVoltage = battery.value(at: time, ambient: conditions.ambientTemperature)
    }
    if needs.contains(.signal) { conditions.signalStrength = signal.value(at: time, &noise.signal) }
    return conditions
  }

  private func measureWeather(at time: Milliseconds, _ noise: inout DeviceNoise, into conditions: inout Conditions) {
    if needs.contains(.temperature) {
      let parts = place.temperature.parts(at: time, &noise.temperature)
      conditions.ambientTemperature = parts.level + parts.daily
      if needs.contains(.humidity) {
        conditions.humidity = place.humidity.value(
          at: time, temperature: conditions.ambientTemperature, level: parts.level, &noise.humidity)
      }
    }
    if needs.contains(.wind) { conditions.windSpeed = place.wind.value(at: time, &noise.wind) }
    if needs.contains(.pressure) { conditions.pressure = place.pressure.value(at: time, &noise.pressure) }
  }

  private func measureSky(at time: Milliseconds, _ noise: inout DeviceNoise, into conditions: inout Conditions) {
    conditions.moduleTemperature = conditions.ambientTemperature
    let sun = SunPosition(at: place.clock.instant(at: time), observer: place.observer)
    guard sun.up > 0 else { return }
    let clear = ClearSky.globalHorizontal(cosineZenith: sun.up)
    let global = clear * place.clouds.clearSkyIndex(at: time - cloudDelay, &noise.clouds)
    conditions.globalIrradiance = global
    guard let plant, needs.contains(.plane) else { return }
    let irradiance = plant.plane.irradiance(DirectAndDiffuse(global: global, sun: sun), sun: sun)
    conditions.planeIrradiance = irradiance
    let cell = CellTemperature.value(
      planeIrradiance: irradiance, ambient: conditions.ambientTemperature, wind: conditions.windSpeed)
    conditions.moduleTemperature = cell
    guard needs.contains(.power) else { return }
    let available = plant.array.availablePower(planeIrradiance: irradiance, cellTemperature: cell)
    let power = plant.inverter.convert(available: available)
    conditions.dcPower = power.dc
    conditions.acPower = power.ac
    guard needs.contains(.array) else { return }
    let usedShare = available > 0 ? power.dc / available : 0
    let voltage = plant.array.voltage(planeIrradiance: irradiance, cellTemperature: cell, usedShare: usedShare)
    conditions.dcVoltage = voltage
    conditions.dcCurrent = voltage > 0 ? power.dc / voltage : 0
  }

  private func measureGrid(at time: Milliseconds, _ noise: inout DeviceNoise, into conditions: inout Conditions) {
    if needs.contains(.gridFrequency) { conditions.gridFrequency = place.gridFrequency.value(at: time, &noise.gridFrequency) }
    guard needs.contains(.gridVoltage) else { return }
    let load = plant.map { conditions.acPower / $0.acCapacity } ?? 0
    let voltage = place.gridVoltage.value(at: time, load: load, &noise.gridVoltage)
    conditions.acVoltage = voltage
    if let plant { conditions.acCurrent = conditions.acPower / (voltage * plant.phases) }
  }
}
