import FleetSpec

extension Sensor {
  /// The unit that the payload of a reading names: the declared one, unless firmware or a planned fault has another.
  public func unitLabel(of reading: Reading) -> String {
    reading.malformation == .wrongUnit ? wrongUnit : unitLabel(version: Int(reading.version))
  }

  /// The unit that a firmware version names.
  /// - Parameter version: index of the version; 0 is the first.
  public func unitLabel(version: Int) -> String { unitChange(version: version)?.label ?? unit }

  /// A unit that is plausible and not the sensor's.
  public var wrongUnit: String {
    let own = UnitConversion(to: unit, of: quantity)
    let candidates = quantity.wireUnits + ["degF"]
    return candidates.first { UnitConversion(to: $0, of: quantity) != own } ?? "unknown"
  }

  func unitChange(version: Int) -> UnitChange? { troubles.unitChanges.last { $0.version <= version } }
}
