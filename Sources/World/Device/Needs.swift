import FleetSpec

/// Which phenomena a profile's sensors make necessary; the others are not computed.
struct Needs: OptionSet, Sendable {
  let rawValue: UInt32

  static let sky = Needs(rawValue: 1)
  static let plane = Needs(rawValue: 1 << 1)
  static let power = Needs(rawValue: 1 << 2)
  static let array = Needs(rawValue: 1 << 3)
  static let temperature = Needs(rawValue: 1 << 4)
  static let wind = Needs(rawValue: 1 << 5)
  static let humidity = Needs(rawValue: 1 << 6)
  static let pressure = Needs(rawValue: 1 << 7)
  static let gridVoltage = Needs(rawValue: 1 << 8)
  static let gridFrequency = Needs(rawValue: 1 << 9)
  static let energy = Needs(rawValue: 1 << 10)
  static let cabinet = Needs(rawValue: 1 << 11)
  static let battery = Needs(rawValue: 1 << 12)
  static let signal = Needs(rawValue: 1 << 13)
  static let rain = Needs(rawValue: 1 << 14)
  static let windDirection = Needs(rawValue: 1 << 15)
  static let meter = Needs(rawValue: 1 << 16)
  static let machine = Needs(rawValue: 1 << 17)
  static let tracker = Needs(rawValue: 1 << 18)

  private static let modules: Needs = [.sky, .plane, .temperature, .wind]
  private static let plant: Needs = [.modules, .power]

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// What a profile's sensors need; without a plant nothing of a plant.
  init(_ profile: FirmwareProfile) {
    var needs: Needs = []
    for sensor in profile.sensors {
      needs.formUnion(Needs.of(sensor.quantity, hasPlant: profile.plant != nil))
      if sensor.temperatureCoefficient != 0 { needs.insert(.temperature) }
    }
    // A meter and a storage see what the plant gives.
    if needs.contains(.meter), profile.plant != nil { needs.formUnion(Needs.plant) }
    self = needs
  }

  private static func of(_ quantity: Quantity, hasPlant: Bool) -> Needs {
    if quantity.needsPlant, !hasPlant { return [] }
    switch quantity {
    case .acPower, .dcPower, .operatingState, .reactivePower, .apparentPower: return plant
    case .dcVoltage, .dcCurrent, .stringCurrent: return [plant, .array]
    case .acVoltage: return hasPlant ? [plant, .gridVoltage] : .gridVoltage
    case .acCurrent: return [plant, .gridVoltage]
    case .gridFrequency: return .gridFrequency
    case .energyTotal: return [plant, .energy]
    case .cabinetTemperature: return [plant, .cabinet]
    case .trackerAngle: return [.sky, .plane, .tracker]
    case .globalIrradiance: return .sky
    case .planeIrradiance: return [.sky, .plane]
    case .moduleTemperature: return modules
    case .ambientTemperature: return .temperature
    case .windSpeed: return .wind
    case .windDirection: return .windDirection
    case .rainRate: return .rain
    case .humidity: return [.temperature, .humidity]
    case .pressure: return .pressure
    case .stateOfCharge, .storagePower, .storageVoltage, .storageTemperature: return [.meter, .temperature]
    case .gridCurrent: return [.meter, .gridVoltage]
    case .loadPower, .gridPower, .energyImported, .energyExported: return .meter
    case .batteryVoltage: return [.temperature, .battery]
    case .signalStrength, .signalToNoise, .spreadingFactor: return .signal
    case .vibration, .flowRate, .rotation, .torque: return .machine
    }
  }
}
