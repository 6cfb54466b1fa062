import FleetSpec
import Glibc

/// From the true value to what a sensor shows: gain, offset, drift, white noise, limits, resolution.
///
/// The result is fixed point, so that a last-bit difference between two mathematical libraries never leaves World.
struct SensorDesign: Sendable {
  let quantity: Quantity
  let input: Int
  private let unit: UnitConversion
  private let gainError: Double
  private let offsetError: Double
  /// Per millisecond since the start of the run.
  private let drift: Double
  private let noise: Double
  private let constantsStream: UInt64
  private let noiseStream: UInt64
  private let resolution: Double
  /// Limits in steps of the resolution.
  private let lowest: Double
  private let highest: Double
  /// Within its own inaccuracy of a limit a value counts as that limit, not as out of range: a pyranometer at night shows 0 and is well.
  private let tolerance: Double
  private let isExactAtZero: Bool

  private static let millisecondsPerYear = 365.2422 * 86_400_000

  /// - Parameter index: in the profile's sensors.
  init(_ sensor: Sensor, index: Int) {
    quantity = sensor.quantity
    input = sensor.input
    unit = UnitConversion(to: sensor.unit, of: sensor.quantity)
    gainError = sensor.gainError
    offsetError = sensor.offsetError
    drift = sensor.drift / SensorDesign.millisecondsPerYear
    noise = sensor.noise
    constantsStream = StreamNumber.sensorConstants(index)
    noiseStream = StreamNumber.sensorNoise(index)
    resolution = pow(10, Double(sensor.decimals))
    lowest = SensorDesign.representable((sensor.minimum * resolution).rounded())
    highest = SensorDesign.representable((sensor.maximum * resolution).rounded())
    tolerance = 5 * (sensor.noise + sensor.offsetError) * resolution
    isExactAtZero = SensorDesign.isExactAtZero(sensor.quantity)
  }

  /// A true value in the sensor's unit.
  func converted(_ value: Double) -> Double { value * unit.factor + unit.offset }

  /// What a device's sensor shows.
  /// - Parameters:
  ///   - value: true value in the quantity's own unit.
  ///   - device: who measures; its errors are its own.
  ///   - ordinal: of the sample, for the noise.
  ///   - elapsed: since the start of the run, for the drift.
  func measure(_ value: Double, of device: RandomEntity, ordinal: UInt64, elapsed: Milliseconds) -> (value: Int64, quality: Quality) {
    var shown = 0.0
    if value != 0 || !isExactAtZero {
      let constants = device.stream(constantsStream)
      shown = converted(value)
      if gainError != 0 { shown *= 1 + gainError * constants.normal(0) }
      if offsetError != 0 { shown += offsetError * constants.normal(1) }
      if drift != 0 { shown += drift * constants.normal(2) * Double(elapsed) }
      if noise > 0 { shown += noise * device.stream(noiseStream).normal(ordinal) }
    }
    let steps = (shown * resolution).rounded()
    if steps < lowest { return (Int64(lowest), steps < lowest - tolerance ? .outOfRange : .good) }
    if steps > highest { return (Int64(highest), steps > highest + tolerance ? .outOfRange : .good) }
    guard steps.isFinite else { return (0, .sensorFault) }
    return (Int64(steps), .good)
  }

  /// Whether the device knows that nothing flows, because its relay is open, rather than measuring it.
  private static func isExactAtZero(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .acPower, .dcPower, .acCurrent, .dcCurrent: true
    default: false
    }
  }

  private static func representable(_ steps: Double) -> Double {
    min(max(steps, -9e18), 9e18)
  }
}
