import FleetSpec
import Glibc

/// The voltage of a lithium thionyl chloride cell that feeds a sensor for years and is never charged.
///
/// After data sheets of such cells (Saft LS 14500): 3.67 V without a load, almost flat until the last tenth, then steeply down; less in the cold,
/// and less while the radio sends. Ten years of life, the age of up to nine of them, and the sag are engineering judgement.
enum PrimaryCell {
  static let life = 10.0

  /// The charge that is left, 0...1.
  /// - Parameter elapsed: years since the run began.
  static func stateOfCharge(elapsed: Double, device: RandomEntity) -> Double {
    let draws = device.stream(StreamNumber.primaryCell)
    return min(max(1 - (9 * draws.uniform(0) + elapsed) / life, 0), 1)
  }

  /// Volts, 2...3.7.
  /// - Parameters:
  ///   - ambient: degrees Celsius.
  ///   - elapsed: years since the run began.
  static func voltage(ambient: Double, elapsed: Double, at time: Milliseconds, device: RandomEntity) -> Double {
    let charge = stateOfCharge(elapsed: elapsed, device: device)
    let rest = 3.67 - 0.05 * (1 - charge) - 1.4 * exp(-charge / 0.03)
    // Whether the radio sends at this instant, as it does at one sample in eight.
    let isSending = device.stream(StreamNumber.primaryCellLoad).uniform(UInt64(bitPattern: time)) < 0.125
    let cold = max(0, 20 - ambient)
    return min(max(rest - 0.0015 * cold - (isSending ? 0.06 + 0.004 * cold : 0), 2), 3.7)
  }
}
