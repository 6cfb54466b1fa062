import FleetSpec

extension Conditions {
  /// The true value of a quantity.
  /// - Parameters:
  ///   - input: which string, MPPT input or phase, from 1; 0 for the whole, or the first.
  ///   - surroundings: the device at its site.
  func value(of quantity: Quantity, input: Int, _ surroundings: Surroundings) -> Double {
    switch quantity {
    case .acPower: acPower
    case .dcPower: input > 0 && hasInputs(surroundings) ? inputPower[slot(input)] : dcPower
    case .dcVoltage: inputVoltage[slot(input)]
    case .dcCurrent: current(input: input, surroundings)
    case .stringCurrent: surroundings.stringCurrent(max(input, 1), self)
    case .acVoltage: surroundings.phaseVoltage(max(input, 1), self)
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
    default: valueBehindTheMeter(of: quantity, input: input, surroundings)
    }
  }

  private func valueBehindTheMeter(of quantity: Quantity, input: Int, _ surroundings: Surroundings) -> Double {
    switch quantity {
    case .stateOfCharge: 100 * storageCharge / (surroundings.profile.storage?.specification.capacity ?? 1)
    case .storagePower: storagePower
    case .storageVoltage: surroundings.profile.storage?.voltage(charge: storageCharge, power: storagePower) ?? 0
    case .storageTemperature: surroundings.profile.storage?.temperature(ambient: ambientTemperature, power: storagePower) ?? 0
    case .loadPower: loadPower
    case .gridPower: gridPower
    case .gridCurrent: surroundings.phaseCurrent(max(input, 1), self)
    case .energyImported: energyImported
    case .energyExported: energyExported
    case .batteryVoltage: batteryVoltage
    case .signalStrength: signalStrength
    case .signalToNoise: signalToNoise
    case .spreadingFactor: spreadingFactor
    case .vibration: machine.vibration
    case .flowRate: machine.flow
    case .rotation: machine.rotation
    case .torque: machine.torque
    default: 0
    }
  }

  /// Watts through the meter; negative while energy is fed in.
  var gridPower: Double { loadPower - acPower - storagePower }

  /// Where an MPPT input stands; beyond the last one it is the last one.
  private func slot(_ input: Int) -> Int { min(max(input, 1), Plant.inputLimit) - 1 }

  private func hasInputs(_ surroundings: Surroundings) -> Bool { (surroundings.profile.plant?.inputs.count ?? 1) > 1 }

  private func current(input: Int, _ surroundings: Surroundings) -> Double {
    let voltage = inputVoltage[slot(input)]
    return voltage > 0 ? inputPower[slot(input)] / voltage : 0
  }
}
