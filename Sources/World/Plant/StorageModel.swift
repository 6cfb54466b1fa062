import FleetSpec
import Glibc

/// A battery behind the meter: it takes what is left over, and gives what is missing.
///
/// Half of the losses fall on charging, half on discharging. The open-circuit voltage is that of LiFePO4 cells of 3.2 V in a row: 16 of them
/// in a home, 128 from 15 kW, 384 from 100 kW on, with a swing of 8 % over the state of charge and a drop of 2 % at full power
/// (engineering judgement after data sheets).
struct StorageModel: Sendable {
  let specification: Storage
  private let oneWay: Double
  private let nominalVoltage: Double

  init(_ storage: Storage) {
    specification = storage
    oneWay = storage.efficiency.squareRoot()
    nominalVoltage = 3.2 * (storage.power < 15_000 ? 16 : storage.power < 100_000 ? 128 : 384)
  }

  /// Watts out of the storage (negative: into it) and the energy that is in it afterwards.
  /// - Parameters:
  ///   - surplus: watts generated beyond what is consumed; negative when it falls short.
  ///   - charge: watt-hours in the storage.
  ///   - hours: since the sample before.
  func step(surplus: Double, charge: Double, hours: Double) -> (power: Double, charge: Double) {
    let wanted = min(max(-surplus, -specification.power), specification.power)
    guard hours > 0 else { return (0, charge) }
    if wanted > 0 {
      let energy = wanted * hours / oneWay
      return energy <= charge ? (wanted, charge - energy) : (charge * oneWay / hours, 0)
    }
    let energy = -wanted * hours * oneWay
    let room = specification.capacity - charge
    return energy <= room ? (wanted, charge + energy) : (-room / oneWay / hours, specification.capacity)
  }

  /// Volts at the terminals.
  /// - Parameters: watt-hours in the storage, and watts out of it.
  func voltage(charge: Double, power: Double) -> Double {
    let fraction = charge / specification.capacity
    return nominalVoltage * (1 + 0.08 * (fraction - 0.5) - 0.02 * power / specification.power)
  }

  /// Degrees Celsius: two kelvin above the air, and up to six more at full power.
  func temperature(ambient: Double, power: Double) -> Double {
    let load = power / specification.power
    return ambient + 2 + 6 * load * load
  }
}
