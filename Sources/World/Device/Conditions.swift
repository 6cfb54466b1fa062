import FleetSpec

/// The true values around a device at one instant, in World's units; what the device does not need stays 0.
struct Conditions: Sendable {
  var acPower = 0.0
  var dcPower = 0.0
  var reactivePower = 0.0
  var state = Inverter.State.sleeping
  /// Share of the AC capacity that the grid operator allows.
  var gridLimit = 1.0
  /// Whether the inverter waits for the grid.
  var isTripped = false
  /// The string whose fuse is blown, from 1; 0 for none.
  var blownString = 0
  /// Watts and volts of each MPPT input.
  var inputPower = InlineArray<8, Double>(repeating: 0)
  var inputVoltage = InlineArray<8, Double>(repeating: 0)
  var acVoltage = 0.0
  var acCurrent = 0.0
  var gridFrequency = 0.0
  var energyTotal = 0.0
  var cabinetTemperature = 0.0
  var trackerAngle = 0.0
  var globalIrradiance = 0.0
  var planeIrradiance = 0.0
  var ambientTemperature = 0.0
  var moduleTemperature = 0.0
  var windSpeed = 0.0
  var windDirection = 0.0
  var rainRate = 0.0
  var humidity = 0.0
  var pressure = 0.0
  var storageCharge = 0.0
  var storagePower = 0.0
  var loadPower = 0.0
  var energyImported = 0.0
  var energyExported = 0.0
  var batteryVoltage = 0.0
  var signalStrength = 0.0
  var signalToNoise = 0.0
  var spreadingFactor = 0.0
  var machine = Machine.State()
  /// What is wrong with plant or grid at this instant.
  var faults: FaultSet = []
}
