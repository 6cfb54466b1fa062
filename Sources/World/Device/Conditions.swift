import FleetSpec

/// The true values around a device at one instant, in World's units; what the device does not need stays 0.
struct Conditions: Sendable, Equatable {
  var acPower = 0.0
  var dcPower = 0.0
  var dcVoltage = 0.0
  var dcCurrent = 0.0
  var acVoltage = 0.0
  var acCurrent = 0.0
  var gridFrequency = 0.0
  var energyTotal = 0.0
  var cabinetTemperature = 0.0
  var globalIrradiance = 0.0
  var planeIrradiance = 0.0
  var ambientTemperature = 0.0
  var moduleTemperature = 0.0
  var windSpeed = 0.0
  var humidity = 0.0
  var pressure = 0.0
  var batteryVoltage = 0.0
  var signalStrength = 0.0

  func value(of quantity: Quantity) -> Double {
    switch quantity {
    case .acPower: acPower
    case .dcPower: dcPower
    case .dcVoltage: dcVoltage
    case .dcCurrent: dcCurrent
    case .acVoltage: acVoltage
    case .acCurrent: acCurrent
    case .gridFrequency: gridFrequency
    case .energyTotal: energyTotal
    case .cabinetTemperature: cabinetTemperature
    case .globalIrradiance: globalIrradiance
    case .planeIrradiance: planeIrradiance
    case .ambientTemperature: ambientTemperature
    case .moduleTemperature: moduleTemperature
    case .windSpeed: windSpeed
    case .humidity: humidity
    case .pressure: pressure
    case .batteryVoltage: batteryVoltage
    case .signalStrength: signalStrength
    }
  }
}
