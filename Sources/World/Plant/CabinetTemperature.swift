import FleetSpec
import Glibc

/// The temperature inside the inverter's cabinet, in degrees Celsius: it follows air and losses with the inertia of its heat sink.
///
/// Engineering judgement: 4 K from its own supply, 28 K at full power, a time constant of 20 minutes (typical of data sheets).
struct CabinetTemperature: Sendable {
  private let capacity: Double
  private let usualInterval: Milliseconds
  private let usualApproach: Double

  private static let timeConstant = 1_200_000.0

  init(plant: PhotovoltaicPlant, interval: Milliseconds) {
    capacity = plant.acCapacity
    usualInterval = interval
    usualApproach = CabinetTemperature.approach(after: interval)
  }

  /// The temperature at a sample.
  /// - Parameters:
  ///   - degrees: at the sample before; not a number at the first one.
  ///   - ambient: degrees Celsius of the air.
  ///   - power: watts of AC.
  ///   - elapsed: time since the sample before.
  func advanced(_ degrees: Double, ambient: Double, power: Double, elapsed: Milliseconds) -> Double {
    let target = ambient + 4 + 28 * power / capacity
    guard !degrees.isNaN else { return target }
    let approach = elapsed == usualInterval ? usualApproach : CabinetTemperature.approach(after: elapsed)
    return degrees + (target - degrees) * approach
  }

  private static func approach(after elapsed: Milliseconds) -> Double {
    1 - exp(-Double(elapsed) / timeConstant)
  }
}
