import FleetSpec
import Glibc

/// The temperature inside the inverter's cabinet, in degrees Celsius: it follows air and losses with the inertia of its heat sink.
///
/// Engineering judgement: 4 K from its own supply, 28 K at full power, a time constant of 20 minutes (typical of data sheets).
struct CabinetTemperature: Sendable {
  private(set) var degrees = 0.0
  private var isSettled = false
  private let capacity: Double
  private let usualInterval: Milliseconds
  private let usualApproach: Double

  private static let timeConstant = 1_200_000.0

  init(plant: PhotovoltaicPlant, interval: Milliseconds) {
    capacity = plant.acCapacity
    usualInterval = interval
    usualApproach = CabinetTemperature.approach(after: interval)
  }

  /// Moves on to a sample.
  /// - Parameters:
  ///   - ambient: degrees Celsius of the air.
  ///   - power: watts of AC.
  ///   - elapsed: time since the sample before.
  mutating func advance(ambient: Double, power: Double, elapsed: Milliseconds) {
    let target = ambient + 4 + 28 * power / capacity
    guard isSettled else {
      degrees = target
      isSettled = true
      return
    }
    let approach = elapsed == usualInterval ? usualApproach : CabinetTemperature.approach(after: elapsed)
    degrees += (target - degrees) * approach
  }

  private static func approach(after elapsed: Milliseconds) -> Double {
    1 - exp(-Double(elapsed) / timeConstant)
  }
}
