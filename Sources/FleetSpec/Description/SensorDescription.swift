/// The keys of one item of `sensors`.
enum SensorDescription {
  static let shape = ObjectShape(
    name: "sensors", noun: "a sensor",
    documentation: """
      One measured value. Its identity in topics, payloads and the store is `<device>.<name>`. \
      Range, errors and noise are in the sensor's unit; another unit of the same kind may be written (`15 kW`).
      """,
    fields: [
      Field("name", .text(.identifier), .required, "Unique within the profile."),
      Field("measures", .words(Quantity.self), .required, "The physical quantity that it looks at. Those of the plant need a `plant`."),
      Field("type", .words(SensorType.self), .optional, "The `sensor_type` of the event; by default the one that fits the quantity."),
      Field(
        "unit", .text(.line), .optional, "As it goes over the wire; by default the first one in the table of quantities."),
      Field("decimals", .integer(0...6), .standard("1"), "Decimal places of a value; the resolution is 10^-decimals."),
      Field(
        "range", .pair(of: .sensorNumber), .required,
        "`[lower, upper]`: what the sensor can show. Beyond it the value saturates and its quality is OUT_OF_RANGE."),
      Field("gain_error", .share, .standard("0 %"), "Standard deviation over devices of the relative error."),
      Field("offset_error", .sensorNumber, .standard("0"), "Standard deviation over devices of the constant error."),
      Field("noise", .sensorNumber, .standard("0"), "Standard deviation of white noise."),
      Field("drift", .sensorRate, .standard("0"), "Standard deviation over devices of the linear drift per year."),
      Field("deadband", .sensorNumber, .optional, "With `reporting: {mode: deadband}`: smaller changes are not reported."),
    ])
}

extension Quantity {
  /// What it is a number of.
  public var dimension: Dimension {
    switch self {
    case .acPower, .dcPower: .power
    case .dcVoltage, .acVoltage, .batteryVoltage: .voltage
    case .dcCurrent, .acCurrent: .current
    case .gridFrequency: .frequency
    case .energyTotal: .energy
    case .cabinetTemperature, .ambientTemperature, .moduleTemperature: .temperature
    case .globalIrradiance, .planeIrradiance: .irradiance
    case .windSpeed: .speed
    case .humidity: .percentage
    case .pressure: .pressure
    case .signalStrength: .signal
    }
  }

  /// The units that may go over the wire, the default first; World converts to each of them.
  public var wireUnits: [String] {
    dimension.units.map(\.symbol)
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
    case .percentage: .humidity
    case .pressure: .pressure
    default: .other
    }
  }

  /// For people.
  public var documentation: String {
    switch self {
    case .acPower: "AC power at the inverter's output"
    case .dcPower: "DC power of the modules"
    case .dcVoltage: "DC voltage of the string"
    case .dcCurrent: "DC current of the string"
    case .acVoltage: "AC voltage of the grid, line to neutral"
    case .acCurrent: "AC current at the inverter's output"
    case .gridFrequency: "Frequency of the grid"
    case .energyTotal: "Counter of the AC energy since installation"
    case .cabinetTemperature: "Temperature inside the inverter's cabinet"
    case .globalIrradiance: "Irradiance on the horizontal plane"
    case .planeIrradiance: "Irradiance on the plane of the modules"
    case .ambientTemperature: "Temperature of the air"
    case .moduleTemperature: "Temperature at the back of a module"
    case .windSpeed: "Wind speed"
    case .humidity: "Relative humidity of the air"
    case .pressure: "Air pressure at the site's altitude"
    case .batteryVoltage: "Voltage of the device's own battery"
    case .signalStrength: "Received signal strength of the radio"
    }
  }
}
