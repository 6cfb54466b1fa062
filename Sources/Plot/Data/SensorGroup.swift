import Drawing
import FleetSpec

/// Sensors of a profile that share a panel: those of one unit where it makes sense to compare, otherwise those of one quantity.
struct SensorGroup {
  let title: String
  let unit: String
  /// Indices in the profile's sensors.
  let sensors: [Int]
  let startsAtZero: Bool
  let isState: Bool

  /// In the order in which an engineer looks at them: irradiance, power, states, then the rest in file order.
  static func groups(of profile: FirmwareProfile) -> [SensorGroup] {
    var keys: [String] = []
    var members: [[Int]] = []
    for (index, sensor) in profile.sensors.enumerated() {
      let key = SensorGroup.key(sensor)
      if let known = keys.firstIndex(of: key) {
        members[known].append(index)
      } else {
        keys.append(key)
        members.append([index])
      }
    }
    let groups = zip(keys, members).map { SensorGroup(key: $0, sensors: $1, of: profile) }
    let order = groups.indices.sorted { (groups[$0].rank(profile), $0) < (groups[$1].rank(profile), $1) }
    return order.map { groups[$0] }
  }

  private init(key: String, sensors: [Int], of profile: FirmwareProfile) {
    let first = profile.sensors[sensors[0]]
    self.sensors = sensors
    unit = first.unit
    isState = first.quantity == .operatingState || first.type == .status
    startsAtZero = SensorGroup.startsAtZero(first.quantity)
    let names: [String: String] = [
      "W": "Power", "kW": "Power", "VA": "Apparent power", "var": "Reactive power", "W/m2": "Irradiance", "degC": "Temperature",
    ]
    title = names[key] ?? SensorGroup.words(first.quantity.rawValue)
  }

  private static func key(_ sensor: Sensor) -> String {
    switch sensor.unit {
    case "W", "kW", "VA", "var", "W/m2", "degC": sensor.unit
    default: sensor.quantity.rawValue + " " + sensor.unit
    }
  }

  private static func words(_ name: String) -> String {
    let text = String(name.map { $0 == "_" ? " " : $0 })
    let spelled =
      text.hasPrefix("ac ") || text.hasPrefix("dc ")
      ? text.prefix(2).uppercased() + text.dropFirst(2) : text.prefix(1).uppercased() + text.dropFirst()
    return String(spelled)
  }

  /// A name without the number at its end: `string_current_07` is a `string_current`.
  static func stem(_ name: String) -> String {
    var stem = Substring(name)
    while let last = stem.last, last.isNumber || last == "_" { stem.removeLast() }
    return stem.isEmpty ? name : String(stem)
  }

  private static func startsAtZero(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .energyTotal, .energyImported, .energyExported, .acVoltage, .gridFrequency, .ambientTemperature, .moduleTemperature,
      .cabinetTemperature, .storageTemperature, .storageVoltage, .pressure, .humidity, .batteryVoltage, .signalStrength, .signalToNoise,
      .stateOfCharge:
      false
    default: true
    }
  }

  /// The AC capacity as a line among sensors of AC power.
  static func rating(_ profile: FirmwareProfile, unit: String) -> (value: Double, label: String)? {
    guard let plant = profile.plant, unit == "W" || unit == "kW" else { return nil }
    let axis = AxisUnit("W", magnitude: plant.acCapacity)
    return (plant.acCapacity / (unit == "kW" ? 1000 : 1), "rated AC \(Numbers.brief(plant.acCapacity * axis.factor)) \(axis.label)")
  }

  /// Whether a quantity is the same for all devices of a place, whatever their profile.
  static func isWeather(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .globalIrradiance, .planeIrradiance, .ambientTemperature, .windSpeed, .windDirection, .humidity, .pressure, .rainRate: true
    default: false
    }
  }

  private func rank(_ profile: FirmwareProfile) -> Int {
    switch profile.sensors[sensors[0]].quantity {
    case .globalIrradiance, .planeIrradiance: 0
    case .acPower, .dcPower, .storagePower, .gridPower, .loadPower: 1
    case .operatingState: 2
    case .stringCurrent, .dcCurrent, .trackerAngle, .stateOfCharge: 3
    default: 4
    }
  }
}

/// The names of the operating states of SunSpec model 103.
enum StateNames {
  static let inverter: [Int: String] = [
    1: "off", 2: "sleeping", 3: "starting", 4: "MPPT", 5: "throttled", 6: "stopping", 7: "fault", 8: "standby",
  ]
}
