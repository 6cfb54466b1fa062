import FleetSpec

extension Surroundings {
  /// Modules and inverter under the irradiance that `conditions` tell.
  func measurePlant(_ plant: Plant, into conditions: inout Conditions) {
    let irradiance = conditions.planeIrradiance
    let cell = CellTemperature.value(
      planeIrradiance: irradiance, ambient: conditions.ambientTemperature, wind: conditions.windSpeed)
    conditions.moduleTemperature = cell
    guard profile.needs.contains(.power) else { return }
    let available = plant.array.availablePower(planeIrradiance: irradiance, cellTemperature: cell)
    let power = plant.inverter.convert(available: available)
    conditions.dcPower = power.dc
    conditions.acPower = power.ac
    guard profile.needs.contains(.array) else { return }
    let usedShare = available > 0 ? power.dc / available : 0
    let voltage = plant.array.voltage(planeIrradiance: irradiance, cellTemperature: cell, usedShare: usedShare)
    conditions.dcVoltage = voltage
    conditions.dcCurrent = voltage > 0 ? power.dc / voltage : 0
  }

  func measureGrid(at time: Milliseconds, into conditions: inout Conditions) {
    if profile.needs.contains(.gridFrequency) {
      conditions.gridFrequency = place.gridFrequency.value(at: time, &cache.gridFrequency)
    }
    guard profile.needs.contains(.gridVoltage) else { return }
    let load = profile.plant.map { conditions.acPower / $0.acCapacity } ?? 0
    let voltage = place.gridVoltage.value(at: time, load: load, &cache.gridVoltage)
    conditions.acVoltage = voltage
    if let plant = profile.plant { conditions.acCurrent = conditions.acPower / (voltage * plant.phases) }
  }

  /// The device's own battery and radio.
  func measureRadio(at time: Milliseconds, into conditions: inout Conditions) {
    if profile.needs.contains(.battery) {
      conditions.batteryVoltage = Battery.value(
        at: time, ambient: conditions.ambientTemperature, place: place, device: device)
    }
    if profile.needs.contains(.signal) { conditions.signalStrength = SignalStrength.value(at: time, device: device) }
  }
}
