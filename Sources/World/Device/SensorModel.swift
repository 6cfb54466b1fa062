import FleetSpec
import Glibc

/// From the true value to what a sensor shows: gain, offset, drift, white noise, limits, resolution.
///
/// The result is fixed point, so that a last-bit difference between two mathematical libraries never leaves World.
struct SensorModel: Sendable {
  let quantity: Quantity
  /// True value in the quantity's own unit -> the sensor's unit, the gain error included.
  private let gain: Double
  private let offset: Double
  /// Per millisecond since the start of the run.
  private let drift: Double
  private let noise: Double
  private let noiseStream: RandomStream
  private let resolution: Double
  /// Limits in steps of the resolution.
  private let lowest: Double
  private let highest: Double
  /// Within its own inaccuracy of a limit a value counts as that limit, not as out of range: a pyranometer at night shows 0 and is well.
  private let tolerance: Double
  private let isExactAtZero: Bool

  private static let millisecondsPerYear = 365.2422 * 86_400_000

  init(_ sensor: Sensor, index: Int, seed: UInt64, entity: UInt64) {
    let constants = RandomStream(seed: seed, device: entity, stream: StreamNumber.sensorConstants(index))
    let unit = UnitConversion(to: sensor.unit, of: sensor.quantity)
    quantity = sensor.quantity
    let relativeGain = 1 + sensor.gainError * constants.normal(0)
    gain = unit.factor * relativeGain
    offset = unit.offset * relativeGain + sensor.offsetError * constants.normal(1)
    drift = sensor.drift * constants.normal(2) / SensorModel.millisecondsPerYear
    noise = sensor.noise
    noiseStream = RandomStream(seed: seed, device: entity, stream: StreamNumber.sensorNoise(index))
    resolution = pow(10, Double(sensor.decimals))
    lowest = SensorModel.representable((sensor.minimum * resolution).rounded())
    highest = SensorModel.representable((sensor.maximum * resolution).rounded())
    tolerance = 5 * (sensor.noise + sensor.offsetError) * resolution
    isExactAtZero = SensorModel.isExactAtZero(sensor.quantity)
  }

  /// What the sensor shows.
  /// - Parameters:
  ///   - value: true value in the quantity's own unit.
  ///   - ordinal: of the sample, for the noise.
  ///   - elapsed: since the start of the run, for the drift.
  func measure(_ value: Double, ordinal: UInt64, elapsed: Milliseconds) -> (value: Int64, quality: Quality) {
    var shown = 0.0
    if value != 0 || !isExactAtZero {
      shown = value * gain + offset + drift * Double(elapsed)
      if noise > 0 { shown += noise * noiseStream.normal(ordinal) }
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
