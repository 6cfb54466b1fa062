import FleetSpec

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
