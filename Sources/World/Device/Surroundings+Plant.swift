import FleetSpec

extension Surroundings {
  /// Modules and inverter.
  /// - Parameter effectiveIrradiance: W/m2 that reach the cells of each MPPT input.
  func measurePlant(
    _ plant: Plant, effectiveIrradiance: InlineArray<8, Double>, at time: Milliseconds,
    _ memory: inout DeviceMemory, into conditions: inout Conditions
  ) {
    let cell = plant.cellTemperature(
      planeIrradiance: conditions.planeIrradiance, ambient: conditions.ambientTemperature, wind: conditions.windSpeed)
    conditions.moduleTemperature = cell
    guard profile.needs.contains(.power) else { return }
    let connected = conditions.blownString == 0 ? 1 : 1 - 1 / Double(plant.specification.strings)
    let health = plant.ageing.factor(of: device, elapsed: age) * cleanliness(plant, at: time) * connected
    var available = InlineArray<8, Double>(repeating: 0)
    var sum = 0.0
    for index in plant.inputs.indices {
      available[index] =
        plant.inputs[index].share * health
        * plant.array.availablePower(irradiance: effectiveIrradiance[index], cellTemperature: cell)
      sum += available[index]
    }
    let output = plant.inverter.convert(
      available: sum, ambient: conditions.ambientTemperature, allowed: conditions.gridLimit, isTripped: conditions.isTripped,
      isRunning: memory.isRunning, startsAtOnce: profile.interval > Inverter.startUpTime)
    memory.isRunning = output.state.isRunning
    conditions.dcPower = output.dc
    conditions.acPower = output.ac
    conditions.reactivePower = plant.inverter.reactivePower(ac: output.ac)
    conditions.state = output.state
    guard profile.needs.contains(.array) || plant.inputs.count > 1 else { return }
    let usedShare = sum > 0 ? output.dc / sum : 0
    for index in plant.inputs.indices {
      conditions.inputPower[index] = available[index] * usedShare
      conditions.inputVoltage[index] = plant.array.voltage(
        irradiance: effectiveIrradiance[index], cellTemperature: cell, usedShare: usedShare)
    }
  }

  /// Share of the light that dirt lets through.
  private func cleanliness(_ plant: Plant, at time: Milliseconds) -> Double {
    let rate = plant.specification.soiling
    guard rate > 0 else { return 1 }
    let day = place.clock.day(at: time)
    if cache.soilingDay != day {
      cache.soilingDay = day
      cache.dryDays = Soiling.dryDays(before: day, rain: place.rain)
    }
    return Soiling.factor(rate: rate, dryDays: cache.dryDays)
  }

  /// The current of one string of a combiner.
  /// - Parameter string: from 1.
  func stringCurrent(_ string: Int, _ conditions: Conditions) -> Double {
    guard let plant = profile.plant, conditions.inputVoltage[0] > 0, string != conditions.blownString else { return 0 }
    let connected = plant.specification.strings - (conditions.blownString == 0 ? 0 : 1)
    let whole = conditions.dcPower / conditions.inputVoltage[0] / Double(connected)
    return whole * StringMismatch.factor(of: device, string: string, deviation: plant.specification.mismatch)
  }

  func measureGrid(at time: Milliseconds, into conditions: inout Conditions) {
    let isDisturbed = cache.disturbances?.current(at: time) != nil
    if profile.needs.contains(.gridFrequency) {
      conditions.gridFrequency = place.gridFrequency.value(at: time, &cache.gridFrequency)
      if isDisturbed { conditions.gridFrequency += place.disturbance.frequency }
    }
    if isDisturbed && !profile.needs.isDisjoint(with: [.gridFrequency, .gridVoltage]) { conditions.faults.insert(.gridDisturbed) }
    guard profile.needs.contains(.gridVoltage) else { return }
    let load = profile.plant.map { conditions.acPower / $0.acCapacity } ?? 0
    var voltage = place.gridVoltage.value(at: time, load: load, &cache.gridVoltage)
    if isDisturbed { voltage *= place.disturbance.voltage }
    guard let plant = profile.plant else {
      conditions.acVoltage = voltage
      return
    }
    voltage *= plant.voltageRatio
    conditions.acVoltage = voltage
    let apparent = (conditions.acPower * conditions.acPower + conditions.reactivePower * conditions.reactivePower).squareRoot()
    conditions.acCurrent = apparent / (voltage * plant.phases)
  }

  /// What is behind the meter: household, storage, and the registers.
  func measureMeter(
    at time: Milliseconds, _ memory: inout DeviceMemory, elapsed: Milliseconds?, into conditions: inout Conditions
  ) {
    conditions.loadPower = profile.household(at: place)?.power(at: time, of: device) ?? 0
    let hours = Double(elapsed ?? 0) / 3_600_000
    if let storage = profile.storage {
      let step = storage.step(surplus: conditions.acPower - conditions.loadPower, charge: memory.charge, hours: hours)
      memory.charge = step.charge
      conditions.storagePower = step.power
      conditions.storageCharge = memory.charge
    }
    let grid = conditions.loadPower - conditions.acPower - conditions.storagePower
    memory.imported += max(grid, 0) * hours
    memory.exported += max(-grid, 0) * hours
    conditions.energyImported = memory.imported
    conditions.energyExported = memory.exported
  }

  /// The device's own battery and radio.
  func measureRadio(at time: Milliseconds, into conditions: inout Conditions) {
    if profile.needs.contains(.battery) {
      conditions.batteryVoltage =
        switch profile.specification.battery {
        case .rechargeable: Battery.value(at: time, ambient: conditions.ambientTemperature, place: place, device: device)
        case .primary: PrimaryCell.voltage(ambient: conditions.ambientTemperature, elapsed: age, at: time, device: device)
        }
    }
    if profile.needs.contains(.signal) {
      switch profile.specification.radio {
      case .cellular:
        conditions.signalStrength = SignalStrength.value(at: time, device: device)
        conditions.signalToNoise = SignalStrength.signalToNoise(strength: conditions.signalStrength)
      case .lorawan:
        conditions.signalStrength = LongRangeRadio.strength(at: time, device: device)
        conditions.signalToNoise = LongRangeRadio.signalToNoise(strength: conditions.signalStrength)
        conditions.spreadingFactor = LongRangeRadio.spreadingFactor(of: device)
      }
    }
  }
}
