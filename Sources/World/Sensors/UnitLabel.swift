import FleetSpec
import Glibc

extension FirmwareProfile {
  /// What a version of the firmware makes of a sensor.
  /// - Parameters:
  ///   - sensor: index in `sensors`.
  ///   - version: index in `versions`.
  public func appearance(of sensor: Int, version: Int) -> SensorOverride {
    let own = sensors[sensor]
    guard version > 0, version <= laterVersions.count, let changed = laterVersions[version - 1].sensorOverrides[sensor] else {
      return SensorOverride(unit: own.unit, label: own.unit, decimals: own.decimals)
    }
    return changed
  }

  /// The unit that the payload of a reading states: the one that its firmware names, unless a planned fault puts another there.
  public func unitLabel(of reading: Reading) -> String {
    let sensor = Int(reading.sensor)
    return reading.malformation == .wrongUnit ? sensors[sensor].wrongUnit : appearance(of: sensor, version: Int(reading.version)).label
  }

  /// The decimal places of a reading's value.
  public func decimals(of reading: Reading) -> Int { appearance(of: Int(reading.sensor), version: Int(reading.version)).decimals }
}

extension Sensor {
  /// A unit that is plausible and not the sensor's.
  public var wrongUnit: String {
    let own = UnitConversion(to: unit, of: quantity)
    let candidates = quantity.wireUnits + ["degF"]
    return candidates.first { UnitConversion(to: $0, of: quantity) != own } ?? "unknown"
  }
}

/// From the steps of a fixed-point value to a number: steps / `resolution` * `factor` + `offset`.
public struct LinearScale: Sendable, Equatable {
  /// Steps in a unit; a power of ten, so that dividing by it gives the number that its digits say.
  public var resolution: Double
  public var factor = 1.0
  public var offset = 0.0

  public func value(_ steps: Int64) -> Double { Double(steps) / resolution * factor + offset }
}

extension FirmwareProfile {
  /// From the steps of a reading to the sensor's own unit, as a receiver does it who believes the unit that the payload states.
  /// - Parameters:
  ///   - sensor: index in the profile's sensors.
  ///   - version: index in `versions`.
  public func scale(of sensor: Int, version: Int) -> LinearScale {
    let shown = appearance(of: sensor, version: version)
    let resolution = pow(10, Double(shown.decimals))
    guard shown.label != sensors[sensor].unit else { return LinearScale(resolution: resolution) }
    let stated = UnitConversion(to: shown.label, of: sensors[sensor].quantity)
    let own = UnitConversion(to: sensors[sensor].unit, of: sensors[sensor].quantity)
    return LinearScale(resolution: resolution, factor: own.factor / stated.factor, offset: own.convert(stated.inverted(0)))
  }
}
