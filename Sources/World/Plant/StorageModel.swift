import FleetSpec
import Glibc

/// A battery behind the meter: it takes what is left over, and gives what is missing.
///
/// Half of the losses fall on charging, half on discharging. The open-circuit voltage is that of 16 LiFePO4 cells in a row, 51.2 V with a swing
/// of 4 V over the state of charge, and 10 mV/A inside (engineering judgement after data sheets).
struct StorageModel: Sendable {
  let specification: Storage
  private let oneWay: Double

  init(_ storage: Storage) {
    specification = storage
    oneWay = storage.efficiency.squareRoot()
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
      let energy = min(wanted * hours / oneWay, charge)
      return (energy * oneWay / hours, charge - energy)
    }
    let energy = min(-wanted * hours * oneWay, specification.capacity - charge)
    return (-energy / oneWay / hours, charge + energy)
  }

  func voltage(charge: Double, power: Double) -> Double {
    let fraction = charge / specification.capacity
    let open = 51.2 + 4 * (fraction - 0.5)
    return open - 0.010 * power / open
  }

  /// Degrees Celsius: two kelvin above the air, and up to six more at full power.
  func temperature(ambient: Double, power: Double) -> Double {
    let load = power / specification.power
    return ambient + 2 + 6 * load * load
  }
}
