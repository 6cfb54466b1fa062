import FleetSpec
import Glibc

/// The DC side of a plant at its maximum power point.
///
/// Source of the power: A. P. Dobos (2014), "PVWatts version 5 manual", NREL/TP-6A20-62641, or `SingleDiode`. The string voltage is engineering judgement:
/// 600 V at standard test conditions on a roof, -0.3 %/K and a logarithm of the irradiance as of crystalline silicon.
struct SolarArray: Sendable {
  private let capacity: Double
  private let temperatureCoefficient: Double
  private let nominalVoltage: Double
  private let diode: SingleDiode?

  init(plant: PhotovoltaicPlant) {
    capacity = plant.dcCapacity * (1 - plant.losses)
    temperatureCoefficient = plant.temperatureCoefficient
    nominalVoltage = SolarArray.nominalVoltage(capacity: plant.dcCapacity)
    diode = plant.powerModel == .singleDiode ? .typical : nil
  }

  /// Volts at standard test conditions: of one module, of a string on a small roof, a larger one, and in a park of the 1,500 V class.
  private static func nominalVoltage(capacity: Double) -> Double {
    switch capacity {
    case ..<600: 38
    case ..<3000: 350
    case ..<100_000: 600
    default: 1100
    }
  }

  /// Watts that the modules could give.
  func availablePower(irradiance: Double, cellTemperature: Double) -> Double {
    if let diode {
      return capacity * diode.maximumPower(irradiance: irradiance, cellTemperature: cellTemperature).power / SingleDiode.typicalPower
    }
    return max(0, irradiance / 1000 * capacity * (1 + temperatureCoefficient * (cellTemperature - 25)))
  }

  /// Volts of the string while `usedShare` of the available power is drawn; less draw moves it towards the open circuit (+18 %).
  func voltage(irradiance: Double, cellTemperature: Double, usedShare: Double) -> Double {
    // In the dark the modules give no voltage; below 2 W/m2 the diode equation's logarithm would run away.
    guard irradiance > 2 else { return 0 }
    if let diode {
      let point = diode.maximumPower(irradiance: irradiance, cellTemperature: cellTemperature)
      let volts =
        point.voltage + (diode.openCircuitVoltage(irradiance: irradiance, cellTemperature: cellTemperature) - point.voltage)
        * (1 - usedShare)
      return nominalVoltage * volts / SingleDiode.typicalVoltage
    }
    let light = 1 + 0.045 * log(min(irradiance, 1400) / 1000)
    let heat = 1 - 0.003 * (cellTemperature - 25)
    return nominalVoltage * light * heat * (1.18 - 0.18 * usedShare)
  }
}
