import FleetSpec
import World

/// The sensors of a fleet, numbered device by device, and what their rows must say.
struct ExpectedSensors {
  private(set) var ids: [String] = []
  private(set) var devices: [Int32] = []
  /// The first sensor of each device, and one past the last at the end.
  private(set) var firstOfDevice: [Int] = []
  private(set) var decimals: [Int] = []
  private var numbers: [String: Int] = [:]
  private let world: World
  private let constantFields: [AttributeMapping.Field]
  let attributes: [AttributeMapping]
  /// Where quality stands among the attributes, if it is compared.
  let qualityPosition: Int?

  init(world: World, attributes: [AttributeMapping]) {
    self.world = world
    self.attributes = attributes
    constantFields = attributes.map(\.field).filter { $0 != .quality }
    qualityPosition = attributes.firstIndex { $0.field == .quality }
    for (index, device) in world.devices.enumerated() {
      firstOfDevice.append(ids.count)
      let profile = world.profile(of: index)
      for sensor in profile.sensors {
        let id = device.sensorID(sensor)
        numbers[id] = ids.count
        ids.append(id)
        devices.append(Int32(index))
        decimals.append(sensor.decimals)
      }
    }
    firstOfDevice.append(ids.count)
  }

  var count: Int { ids.count }

  func number(of id: String) -> Int? { numbers[id] }

  /// The expected text of an attribute that does not change from reading to reading.
  func constant(_ field: AttributeMapping.Field, of sensor: Int) -> String {
    let device = Int(devices[sensor])
    let specification = world.profile(of: device).sensors[sensor - firstOfDevice[device]]
    return switch field {
    case .siteID: world.devices[device].siteID
    case .deviceID: world.devices[device].id
    case .sensorType: specification.type.rawValue
    case .unit: specification.unit
    case .quality: ""
    }
  }

  /// Whether a digest's constants are those of the sensor.
  func constantsAgree(_ found: [String?], sensor: Int) -> Bool {
    for (index, field) in constantFields.enumerated() where found[index] != constant(field, of: sensor) { return false }
    return true
  }

  /// The first column that differs from what was sent: its name, what was expected and what was found; nil when the row is equal.
  func difference(_ row: TableRow, sensor: Int, reading: Reading) -> String? {
    let expected = Decimal.value(reading.value, decimals: decimals[sensor])
    if row.value != expected {
      let found = row.value.map { "\($0)" } ?? "NULL"
      return "value: expected \(Decimal.text(reading.value, decimals: decimals[sensor])), found \(found)"
    }
    for (index, mapping) in attributes.enumerated() {
      let text = mapping.field == .quality ? "\(reading.quality.label)" : constant(mapping.field, of: sensor)
      if row.attributes[index] != text { return "\(mapping.column): expected \(text), found \(row.attributes[index] ?? "NULL")" }
    }
    return nil
  }
}

/// Fixed-point values as numbers and text.
enum Decimal {
  private static let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  /// The double that parsing the printed value gives: a quotient of two exact doubles is correctly rounded, as parsing is.
  @inline(__always)
  static func value(_ fixed: Int64, decimals: Int) -> Double { Double(fixed) / powers[decimals] }

  static func text(_ fixed: Int64, decimals: Int) -> String {
    guard decimals > 0 else { return String(fixed) }
    let digits = String(fixed.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (fixed < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}
