import FleetSpec
import Glibc

/// From the true value to what a sensor shows: gain, offset, drift, white noise, limits, resolution; and what goes wrong with it.
///
/// The result is fixed point, so that a last-bit difference between two mathematical libraries never leaves World.
struct SensorDesign: Sendable {
  let quantity: Quantity
  let input: Int
  let encoding: ValueEncoding
  /// Nil for a sensor with which nothing goes wrong.
  let troubles: TroubleDesign?
  private let scale: SensorScale
  /// By version of the firmware, where versions differ; empty else.
  private let versionScales: [SensorScale]
  private let hasVersions: Bool
  private let gainError: Double
  private let offsetError: Double
  /// Per millisecond since the start of the run.
  private let drift: Double
  private let noise: Double
  /// Per kelvin.
  private let temperatureCoefficient: Double
  private let constantsStream: UInt64
  private let noiseStream: UInt64
  private let isExactAtZero: Bool

  private static let millisecondsPerYear = 365.2422 * 86_400_000
  private static let referenceTemperature = 25.0

  /// - Parameters:
  ///   - index: in the profile's sensors.
  ///   - start: the instant at which the run begins.
  ///   - slots: where it finds what it carries on.
  ///   - profile: the profile, for what its firmware's versions change.
  init(_ sensor: Sensor, index: Int, start: Milliseconds, slots: SensorSlots, of profile: FirmwareProfile? = nil) {
    quantity = sensor.quantity
    input = sensor.input
    encoding = sensor.encoding
    troubles = sensor.troubles.areNone ? nil : TroubleDesign(sensor, index: index, start: start, slots: slots)
    let versions = profile?.versions ?? []
    scale = SensorScale(sensor, as: nil)
    hasVersions = versions.contains { $0.sensorOverrides[index] != nil }
    versionScales = hasVersions ? versions.map { SensorScale(sensor, as: $0.sensorOverrides[index]) } : []
    gainError = sensor.gainError
    offsetError = sensor.offsetError
    drift = sensor.drift / SensorDesign.millisecondsPerYear
    noise = sensor.noise
    temperatureCoefficient = sensor.temperatureCoefficient
    constantsStream = StreamNumber.sensorConstants(index)
    noiseStream = StreamNumber.sensorNoise(index)
    isExactAtZero = SensorDesign.isExactAtZero(sensor.quantity)
  }

  /// A true value in the sensor's unit.
  func converted(_ value: Double) -> Double { scale.unit.convert(value) }

  /// The scale of a version of the firmware.
  func scale(_ version: UInt8) -> SensorScale { hasVersions ? versionScales[Int(version)] : scale }

  /// A value in the sensor's own unit as a version of the firmware prints it.
  func rounded(_ value: Double, version: UInt8) -> Shown {
    guard hasVersions else { return scale.rounded(value) }
    let changed = versionScales[Int(version)]
    var shown = changed.rounded(changed.unit == scale.unit ? value : changed.unit.convert(scale.unit.inverted(value)))
    if changed.isMislabelled { shown.faults.insert(.unitSwapped) }
    return shown
  }

  /// What a device's sensor shows.
  /// - Parameters:
  ///   - value: true value in the quantity's own unit.
  ///   - memory: what the device's sensors carry on; untouched by those without troubles.
  func measure(_ value: Double, _ sample: borrowing SensorSample, _ memory: inout SensorMemory) -> Shown {
    if let troubles { return troubles.measure(value, self, sample, &memory) }
    return rounded(
      inaccurate(converted(value), isZero: value == 0, driftTime: sample.elapsed, sample), version: sample.version)
  }

  /// A value in the sensor's unit with the everyday errors.
  /// - Parameters:
  ///   - isZero: whether the true value is exactly 0.
  ///   - driftTime: for how long the sensor has drifted.
  func inaccurate(_ value: Double, isZero: Bool, driftTime: Milliseconds, _ sample: borrowing SensorSample) -> Double {
    if isZero && isExactAtZero { return 0 }
    let constants = sample.device.stream(constantsStream)
    var shown = value
    if gainError != 0 { shown *= 1 + gainError * constants.normal(0) }
    if temperatureCoefficient != 0 {
      shown *= 1 + temperatureCoefficient * constants.normal(3) * (sample.ambientTemperature - SensorDesign.referenceTemperature)
    }
    if offsetError != 0 { shown += offsetError * constants.normal(1) }
    if drift != 0 { shown += drift * constants.normal(2) * Double(driftTime) }
    if noise > 0 { shown += noise * sample.device.stream(noiseStream).normal(sample.ordinal) }
    return shown
  }

  /// A counter's total in the sensor's unit: of the everyday errors it has that of the gain alone, because it must not count down.
  func counted(_ total: Double, _ device: RandomEntity) -> Double {
    gainError == 0 ? converted(total) : converted(total) * max(0, 1 + gainError * device.stream(constantsStream).normal(0))
  }

  /// Whether the device knows that nothing flows, because its relay is open, rather than measuring it.
  func isOff(_ value: Double) -> Bool { value == 0 && isExactAtZero }

  private static func isExactAtZero(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .acPower, .dcPower, .acCurrent, .dcCurrent: true
    default: false
    }
  }
}

/// Unit, limits and resolution of what a sensor shows.
struct SensorScale: Sendable {
  let unit: UnitConversion
  /// Whether the payload states another unit than the value's.
  let isMislabelled: Bool
  private let resolution: Double
  /// Limits in steps of the resolution.
  let lowest: Double
  let highest: Double
  /// Within its own inaccuracy of a limit a value counts as that limit, not as out of range: a pyranometer at night shows 0 and is well.
  private let tolerance: Double

  /// - Parameter override: what a version of the firmware makes of the sensor, or nil for what its profile says.
  init(_ sensor: Sensor, as override: SensorOverride?) {
    let own = UnitConversion(to: sensor.unit, of: sensor.quantity)
    let unit = override.map { UnitConversion(to: $0.unit, of: sensor.quantity) } ?? own
    func moved(_ value: Double) -> Double { unit == own ? value : unit.convert(own.inverted(value)) }
    self.unit = unit
    isMislabelled = override.map { UnitConversion(to: $0.label, of: sensor.quantity) != unit } ?? false
    resolution = pow(10, Double(override?.decimals ?? sensor.decimals))
    lowest = SensorScale.representable((moved(sensor.minimum) * resolution).rounded())
    highest = SensorScale.representable((moved(sensor.maximum) * resolution).rounded())
    tolerance = 5 * (sensor.noise + sensor.offsetError + sensor.troubles.flickerNoise) * unit.factor / own.factor * resolution
  }

  /// A value as it is printed, within the limits.
  func rounded(_ value: Double) -> Shown {
    let steps = (value * resolution).rounded()
    if steps < lowest { return limited(lowest, isBeyond: steps < lowest - tolerance) }
    if steps > highest { return limited(highest, isBeyond: steps > highest + tolerance) }
    guard steps.isFinite else { return Shown(value: 0, quality: .sensorFault) }
    return Shown(value: Int64(steps), quality: .good)
  }

  /// What is shown when there is nothing to show.
  var nearestToZero: Int64 { Int64(min(max(0, lowest), highest)) }

  /// A value far above the range, twice to ten times as far as it is wide, that a double still holds exactly.
  func beyond(_ share: Double) -> Int64 {
    Int64(min(highest + (highest - lowest) * (1 + 9 * share), 0x1p52).rounded())
  }

  private func limited(_ limit: Double, isBeyond: Bool) -> Shown {
    Shown(value: Int64(limit), quality: isBeyond ? .outOfRange : .good, faults: isBeyond ? FaultSet(.saturated) : [])
  }

  private static func representable(_ steps: Double) -> Double {
    min(max(steps, -9e18), 9e18)
  }
}
