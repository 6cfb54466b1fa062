import FleetSpec

extension Conditions {
  /// The true value of a quantity.
  /// - Parameters:
  ///   - input: which string or MPPT input, from 1.
  ///   - surroundings: the device at its site.
  func value(of quantity: Quantity, input: Int, _ surroundings: Surroundings) -> Double {
    switch quantity {
    case .acPower: acPower
    case .dcPower: hasInputs(surroundings) ? inputPower[input - 1] : dcPower
    case .dcVoltage: inputVoltage[input - 1]
    case .dcCurrent: current(input: input, surroundings)
    case .stringCurrent: surroundings.stringCurrent(input, self)
    case .acVoltage: acVoltage
    case .acCurrent: acCurrent
    case .reactivePower: reactivePower
    case .apparentPower: (acPower * acPower + reactivePower * reactivePower).squareRoot()
    case .gridFrequency: gridFrequency
    case .energyTotal: energyTotal
    case .operatingState: Double(state.rawValue)
    case .cabinetTemperature: cabinetTemperature
    case .trackerAngle: trackerAngle
    case .globalIrradiance: globalIrradiance
    case .planeIrradiance: planeIrradiance
    case .ambientTemperature: ambientTemperature
    case .moduleTemperature: moduleTemperature
    case .windSpeed: windSpeed
    case .windDirection: windDirection
    case .rainRate: rainRate
    case .humidity: humidity
    case .pressure: pressure
    default: valueBehindTheMeter(of: quantity, surroundings)
    }
  }

  private func valueBehindTheMeter(of quantity: Quantity, _ surroundings: Surroundings) -> Double {
    switch quantity {
    case .stateOfCharge: 100 * storageCharge / (surroundings.profile.storage?.specification.capacity ?? 1)
    case .storagePower: storagePower
    case .storageVoltage: surroundings.profile.storage?.voltage(charge: storageCharge, power: storagePower) ?? 0
    case .storageTemperature: surroundings.profile.storage?.temperature(ambient: ambientTemperature, power: storagePower) ?? 0
    case .loadPower: loadPower
    case .gridPower: loadPower - acPower - storagePower
    case .energyImported: energyImported
    case .energyExported: energyExported
    case .batteryVoltage: batteryVoltage
    case .signalStrength: signalStrength
    case .signalToNoise: signalToNoise
    case .vibration: machine.vibration
    case .flowRate: machine.flow
    case .rotation: machine.rotation
    case .torque: machine.torque
    default: 0
    }
  }

  private func hasInputs(_ surroundings: Surroundings) -> Bool { (surroundings.profile.plant?.inputs.count ?? 1) > 1 }

  private func current(input: Int, _ surroundings: Surroundings) -> Double {
    let voltage = inputVoltage[input - 1]
    return voltage > 0 ? inputPower[input - 1] / voltage : 0
  }
}
