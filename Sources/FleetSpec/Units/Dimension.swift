/// What a number with a unit measures. The first unit of each is the base unit, in which the model holds the number.
public enum Dimension: Sendable, CaseIterable {
  case plain, power, voltage, current, frequency, energy, temperature, irradiance, speed, pressure, percentage, signal
  case angle, length, perKelvin, partsPerMillion
  case reactivePower, apparentPower, code, rain, decibel, velocity, flow, rotation, torque

  /// One spelling of a unit: a number in it times `multiplier` over `divisor` is the number in the base unit.
  struct Unit: Sendable {
    let symbol: String
    let multiplier: Double
    let divisor: Double

    init(_ symbol: String, times multiplier: Double = 1, over divisor: Double = 1) {
      self.symbol = symbol
      self.multiplier = multiplier
      self.divisor = divisor
    }

    /// A number in this unit as one in the base unit.
    func convert(_ number: Double) -> Double {
      switch divisor {
      case 100: Units.shifted(number, by: -2)
      case 1000: Units.shifted(number, by: -3)
      case 1e6: Units.shifted(number, by: -6)
      default: number * multiplier / divisor
      }
    }
  }

  /// The accepted units, base unit first.
  var units: [Unit] {
    switch self {
    case .plain: []
    case .power: [Unit("W"), Unit("kW", times: 1000), Unit("MW", times: 1e6)]
    case .voltage: [Unit("V"), Unit("mV", over: 1000), Unit("kV", times: 1000)]
    case .current: [Unit("A"), Unit("mA", over: 1000), Unit("kA", times: 1000)]
    case .frequency: [Unit("Hz"), Unit("mHz", over: 1000)]
    case .energy: [Unit("Wh"), Unit("kWh", times: 1000), Unit("MWh", times: 1e6)]
    case .temperature: [Unit("degC"), Unit("°C")]
    case .irradiance: [Unit("W/m2"), Unit("W/m²"), Unit("kW/m2", times: 1000)]
    case .speed: [Unit("m/s"), Unit("km/h", over: 3.6)]
    case .pressure: [Unit("hPa"), Unit("mbar"), Unit("Pa", over: 100), Unit("kPa", times: 10), Unit("bar", times: 1000)]
    case .percentage: [Unit("%")]
    case .signal: [Unit("dBm")]
    case .angle: [Unit("deg"), Unit("°")]
    case .length: [Unit("m"), Unit("km", times: 1000)]
    case .perKelvin: [Unit("/K"), Unit("1/K"), Unit("%/K", over: 100), Unit("ppm/K", over: 1e6)]
    case .partsPerMillion: [Unit("ppm"), Unit("ppb", over: 1000)]
    case .reactivePower: [Unit("VAr"), Unit("kVAr", times: 1000)]
    case .apparentPower: [Unit("VA"), Unit("kVA", times: 1000)]
    case .code: []
    case .rain: [Unit("mm/h")]
    case .decibel: [Unit("dB")]
    case .velocity: [Unit("mm/s")]
    case .flow: [Unit("l/min")]
    case .rotation: [Unit("rpm")]
    case .torque: [Unit("Nm")]
    }
  }

  /// A number without a unit is understood to be in the base unit; elsewhere it would be ambiguous and is refused.
  var acceptsBareNumbers: Bool {
    self == .plain || self == .angle || self == .length || self == .code
  }

  /// For messages.
  var noun: String {
    switch self {
    case .plain: "a number"
    case .power: "a power"
    case .voltage: "a voltage"
    case .current: "a current"
    case .frequency: "a frequency"
    case .energy: "an energy"
    case .temperature: "a temperature"
    case .irradiance: "an irradiance"
    case .speed: "a speed"
    case .pressure: "a pressure"
    case .percentage: "a percentage"
    case .signal: "a signal strength"
    case .angle: "an angle"
    case .length: "a length"
    case .perKelvin: "a relative change per kelvin"
    case .partsPerMillion: "parts per million"
    case .reactivePower: "a reactive power"
    case .apparentPower: "an apparent power"
    case .code: "a code"
    case .rain: "an intensity of rain"
    case .decibel: "a ratio in decibels"
    case .velocity: "a vibration velocity"
    case .flow: "a flow"
    case .rotation: "a speed of rotation"
    case .torque: "a torque"
    }
  }

  /// The dimension and the conversion that a spelling of a unit stands for.
  static func find(_ symbol: String) -> (dimension: Dimension, unit: Unit)? {
    for dimension in allCases {
      if let unit = dimension.units.first(where: { $0.symbol == symbol }) { return (dimension, unit) }
    }
    return nil
  }
}

/// A number of one dimension within a range.
public struct Measure: Sendable {
  public let dimension: Dimension
  /// In the base unit.
  public let range: ClosedRange<Double>
  /// As people would write it.
  public let example: String

  /// A number in the base unit from a text such as `2 kW`.
  func parse(_ text: String) throws(FormatError) -> Double {
    guard let (number, symbol) = Units.split(text) else { throw FormatError("not a number", expected: expectation) }
    var value = number
    if symbol.isEmpty {
      guard dimension.acceptsBareNumbers || number == 0 else {
        let base = dimension.units.first?.symbol ?? ""
        throw FormatError(
          "a number without a unit", expected: expectation, suggestion: "did you mean '\(Units.format(number)) \(base)'?")
      }
    } else {
      guard let unit = dimension.units.first(where: { $0.symbol == symbol }) else {
        throw FormatError("with the unit '\(symbol)'", expected: expectation, suggestion: unitSuggestion(symbol))
      }
      value = unit.convert(number)
    }
    guard range.contains(value) else { throw FormatError("out of range", expected: expectation) }
    return value
  }

  private func unitSuggestion(_ symbol: String) -> String? {
    let same = dimension.units.first { $0.symbol.lowercased() == symbol.lowercased() }
    return same.map { "did you mean '\($0.symbol)'?" }
  }

  /// Completes "expected ...".
  var expectation: String {
    let base = dimension.units.first.map { " \($0.symbol)" } ?? ""
    let limits = "from \(Units.format(range.lowerBound)) to \(Units.format(range.upperBound))\(base)"
    let units = dimension.units.count > 1 ? " (units \(dimension.units.map(\.symbol).joined(separator: ", ")))" : ""
    return "\(dimension.noun) such as \(example), \(limits)\(units)"
  }
}
