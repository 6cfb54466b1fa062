import FleetSpec

/// From the unit in which World works to the one that a profile names; a unit that is not known is taken for World's own.
///
/// World works in W, V, A, Hz, Wh, degrees Celsius, W/m2, m/s, %, hPa and dBm.
struct UnitConversion: Sendable, Equatable {
  var factor: Double
  var offset: Double

  init(to unit: String, of quantity: Quantity) {
    factor = UnitConversion.factor(unit, of: quantity)
    offset = 0
    guard UnitConversion.isTemperature(quantity) else { return }
    switch unit {
    case "K": offset = 273.15
    case "degF", "°F": (factor, offset) = (1.8, 32)
    default: break
    }
  }

  /// A value in World's unit, in this one.
  func convert(_ value: Double) -> Double { value * factor + offset }

  /// A value in this unit, in World's.
  func inverted(_ value: Double) -> Double { (value - offset) / factor }

  private static func factor(_ unit: String, of quantity: Quantity) -> Double {
    switch (quantity, unit) {
    case (_, "kW"), (_, "kWh"), (_, "kV"), (_, "kA"), (_, "kW/m2"), (_, "kW/m²"): 1e-3
    case (_, "MW"), (_, "MWh"): 1e-6
    case (_, "mV"), (_, "mA"), (_, "mHz"): 1e3
    case (_, "kVAr"), (_, "kVA"): 1e-3
    case (.pressure, "Pa"): 100
    case (.pressure, "kPa"): 0.1
    case (.pressure, "bar"): 1e-3
    case (.windSpeed, "km/h"): 3.6
    default: 1
    }
  }

  private static func isTemperature(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .ambientTemperature, .cabinetTemperature, .moduleTemperature, .storageTemperature: true
    default: false
    }
  }
}
