import FleetSpec

/// Which phenomena a profile's sensors make necessary; the others are not computed.
struct Needs: OptionSet, Sendable {
  let rawValue: UInt16

  static let sky = Needs(rawValue: 1)
  static let plane = Needs(rawValue: 2)
  static let power = Needs(rawValue: 4)
  static let array = Needs(rawValue: 8)
  static let temperature = Needs(rawValue: 16)
  static let wind = Needs(rawValue: 32)
  static let humidity = Needs(rawValue: 64)
  static let pressure = Needs(rawValue: 128)
  static let gridVoltage = Needs(rawValue: 256)
  static let gridFrequency = Needs(rawValue: 512)
  static let energy = Needs(rawValue: 1024)
  static let cabinet = Needs(rawValue: 2048)
  static let battery = Needs(rawValue: 4096)
  static let signal = Needs(rawValue: 8192)

  private static let modules: Needs = [.sky, .plane, .temperature, .wind]
  private static let plant: Needs = [.modules, .power]

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// What these sensors need; without a plant nothing of a plant.
  init(sensors: [Sensor], plant: PhotovoltaicPlant?) {
    var needs: Needs = []
    for sensor in sensors {
      needs.formUnion(Needs.of(sensor.quantity, hasPlant: plant != nil))
    }
    self = needs
  }

  private static func of(_ quantity: Quantity, hasPlant: Bool) -> Needs {
    if quantity.needsPlant, !hasPlant { return [] }
    switch quantity {
    case .acPower, .dcPower: return plant
    case .dcVoltage, .dcCurrent: return [plant, .array]
    case .acVoltage: return hasPlant ? [plant, .gridVoltage] : .gridVoltage
    case .acCurrent: return [plant, .gridVoltage]
    case .gridFrequency: return .gridFrequency
    case .energyTotal: return [plant, .energy]
    case .cabinetTemperature: return [plant, .cabinet]
    case .globalIrradiance: return .sky
    case .planeIrradiance: return [.sky, .plane]
    case .moduleTemperature: return modules
    case .ambientTemperature: return .temperature
    case .windSpeed: return .wind
    case .humidity: return [.temperature, .humidity]
    case .pressure: return .pressure
    case .batteryVoltage: return [.temperature, .battery]
    case .signalStrength: return .signal
    }
  }
}
