extension Quantity {
  /// What it is a number of.
  public var dimension: Dimension {
    switch self {
    case .acPower, .dcPower, .storagePower, .loadPower, .gridPower: .power
    case .dcVoltage, .acVoltage, .storageVoltage, .batteryVoltage: .voltage
    case .dcCurrent, .stringCurrent, .acCurrent, .gridCurrent: .current
    case .reactivePower: .reactivePower
    case .apparentPower: .apparentPower
    case .gridFrequency: .frequency
    case .energyTotal, .energyImported, .energyExported: .energy
    case .operatingState, .spreadingFactor: .code
    case .cabinetTemperature, .ambientTemperature, .moduleTemperature, .storageTemperature: .temperature
    case .trackerAngle, .windDirection: .angle
    case .globalIrradiance, .planeIrradiance: .irradiance
    case .windSpeed: .speed
    case .rainRate: .rain
    case .humidity, .stateOfCharge: .percentage
    case .pressure: .pressure
    case .signalStrength: .signal
    case .signalToNoise: .decibel
    case .vibration: .velocity
    case .flowRate: .flow
    case .rotation: .rotation
    case .torque: .torque
    }
  }

  /// The units that may go over the wire, the default first; World converts to each of them.
  public var wireUnits: [String] {
    dimension == .code ? ["1"] : dimension.units.map(\.symbol)
  }

  /// The `sensor_type` that fits.
  public var standardType: SensorType {
    switch dimension {
    case .power: .power
    case .voltage: .voltage
    case .current: .current
    case .frequency: .frequency
    case .energy: .energy
    case .temperature: .temperature
    case .percentage: self == .humidity ? .humidity : .other
    case .pressure: .pressure
    case .code: self == .operatingState ? .status : .other
    case .velocity: .vibration
    case .flow: .flowRate
    case .rotation: .rotation
    case .torque: .torque
    default: .other
    }
  }

  /// For people.
  public var documentation: String {
    switch self {
    case .acPower: "AC power at the inverter's output"
    case .dcPower: "DC power of the modules; with `input` that of one MPPT input"
    case .dcVoltage: "DC voltage of the string; with `input` that of one MPPT input"
    case .dcCurrent: "DC current of the string; with `input` that of one MPPT input"
    case .stringCurrent: "DC current of one string in a combiner; `input` is the string"
    case .acVoltage: "AC voltage of the grid, line to neutral; `input` is the phase, 1 to 3"
    case .acCurrent: "AC current at the inverter's output"
    case .reactivePower: "Reactive power at the inverter's output"
    case .apparentPower: "Apparent power at the inverter's output"
    case .gridFrequency: "Frequency of the grid"
    case .energyTotal: "Counter of the AC energy since installation"
    case .operatingState:
      "State of the inverter as SunSpec model 103 numbers it: 1 off, 2 sleeping, 3 starting, 4 MPPT, 5 throttled, 6 shutting down, 7 fault, 8 standby"
    case .cabinetTemperature: "Temperature inside the inverter's cabinet"
    case .trackerAngle: "Rotation of the tracker, degrees from horizontal"
    case .globalIrradiance: "Irradiance on the horizontal plane"
    case .planeIrradiance: "Irradiance on the plane of the modules"
    case .ambientTemperature: "Temperature of the air"
    case .moduleTemperature: "Temperature at the back of a module"
    case .windSpeed: "Wind speed"
    case .windDirection: "Direction from which the wind blows, degrees clockwise from north"
    case .rainRate: "Intensity of rain"
    case .humidity: "Relative humidity of the air"
    case .pressure: "Air pressure at the site's altitude"
    case .stateOfCharge: "State of charge of the storage"
    case .storagePower: "Power out of the storage; negative while it charges"
    case .storageVoltage: "Voltage of the storage"
    case .storageTemperature: "Temperature of the storage's cells"
    case .loadPower: "Power that is consumed behind the meter"
    case .gridPower: "Power through the meter; negative while it is fed in"
    case .gridCurrent: "Current through the meter; `input` is the phase, 1 to 3"
    case .energyImported: "Register of the energy taken from the grid"
    case .energyExported: "Register of the energy fed into the grid"
    case .batteryVoltage: "Voltage of the device's own battery"
    case .signalStrength: "Received signal strength of the radio"
    case .signalToNoise: "Signal-to-noise ratio of the radio"
    case .spreadingFactor: "Spreading factor of a LoRaWAN radio, 7 to 12"
    case .vibration: "Vibration velocity of a machine, RMS"
    case .flowRate: "Flow of a liquid through a pipe"
    case .rotation: "Speed of a machine's shaft"
    case .torque: "Torque at a machine's shaft"
    }
  }
}
