/// The physical quantity that a sensor looks at. The raw value is its spelling in a profile.
public enum Quantity: String, Sendable, CaseIterable {
  case acPower = "ac_power"
  case dcPower = "dc_power"
  case dcVoltage = "dc_voltage"
  case dcCurrent = "dc_current"
  case stringCurrent = "string_current"
  case acVoltage = "ac_voltage"
  case acCurrent = "ac_current"
  case reactivePower = "reactive_power"
  case apparentPower = "apparent_power"
  case gridFrequency = "grid_frequency"
  case energyTotal = "energy_total"
  case operatingState = "operating_state"
  case cabinetTemperature = "cabinet_temperature"
  case trackerAngle = "tracker_angle"
  case globalIrradiance = "global_irradiance"
  case planeIrradiance = "plane_irradiance"
  case ambientTemperature = "ambient_temperature"
  case moduleTemperature = "module_temperature"
  case windSpeed = "wind_speed"
  case windDirection = "wind_direction"
  case rainRate = "rain_rate"
  case humidity = "humidity"
  case pressure = "pressure"
  case stateOfCharge = "state_of_charge"
  case storagePower = "storage_power"
  case storageVoltage = "storage_voltage"
  case storageTemperature = "storage_temperature"
  case loadPower = "load_power"
  case gridPower = "grid_power"
  case gridCurrent = "grid_current"
  case energyImported = "energy_imported"
  case energyExported = "energy_exported"
  case batteryVoltage = "battery_voltage"
  case signalStrength = "signal_strength"
  case signalToNoise = "signal_to_noise"
  case spreadingFactor = "spreading_factor"
  case vibration = "vibration"
  case flowRate = "flow_rate"
  case rotation = "rotation"
  case torque = "torque"

  /// True when a sensor of it needs a `plant` in the profile.
  public var needsPlant: Bool {
    switch self {
    case .acPower, .dcPower, .dcVoltage, .dcCurrent, .stringCurrent, .acCurrent, .reactivePower, .apparentPower, .energyTotal,
      .operatingState, .cabinetTemperature, .trackerAngle, .planeIrradiance, .moduleTemperature:
      true
    default: false
    }
  }

  /// True when a sensor of it needs a `storage` in the profile.
  public var needsStorage: Bool {
    switch self {
    case .stateOfCharge, .storagePower, .storageVoltage, .storageTemperature: true
    default: false
    }
  }

  /// True when a sensor of it needs a `load` in the profile.
  public var needsLoad: Bool {
    switch self {
    case .loadPower, .gridPower, .gridCurrent, .energyImported, .energyExported: true
    default: false
    }
  }

  /// True for registers, which only ever count up.
  public var isCounter: Bool { self == .energyTotal || self == .energyImported || self == .energyExported }
}
