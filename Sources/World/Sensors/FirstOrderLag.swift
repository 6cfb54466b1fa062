import FleetSpec
import Glibc

/// A sensor that follows the true value with a time constant, as a thermometer in a housing or a pyranometer's thermopile does.
///
/// Source: the step response of a first-order system, ISO 9060 and IEC 60751 give response times of this kind (95 % after three time
/// constants).
enum FirstOrderLag {
  /// - Parameters:
  ///   - shown: the value before, or not a number when there is none: then the sensor has had time to settle.
  ///   - elapsed: since the value before.
  static func followed(_ value: Double, shown: Double, elapsed: Milliseconds, timeConstant: Milliseconds) -> Double {
    guard shown.isFinite else { return value }
    return value + (shown - value) * exp(-Double(elapsed) / Double(timeConstant))
  }
}
