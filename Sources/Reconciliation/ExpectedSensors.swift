import FleetSpec
import World

/// The sensors of a fleet, numbered device by device, and what their rows must say.
struct ExpectedSensors {
  private(set) var ids: [String] = []
  private(set) var devices: [Int32] = []
  /// The first sensor of each device, and one past the last at the end.
  private(set) var firstOfDevice: [Int] = []
  private var numbers: [String: Int] = [:]
  private let world: World
  /// By profile.
  private let versions: [VersionedSensors]
  private let constantFields: [AttributeMapping.Field]
  let attributes: [AttributeMapping]
  /// Where quality stands among the attributes, if it is compared.
  let qualityPosition: Int?

  init(world: World, attributes: [AttributeMapping]) {
    self.world = world
    self.attributes = attributes
    versions = world.fleet.profiles.map { VersionedSensors($0) }
    constantFields = attributes.map(\.field).filter { $0 != .quality }
    qualityPosition = attributes.firstIndex { $0.field == .quality }
    for (index, device) in world.devices.enumerated() {
      firstOfDevice.append(ids.count)
      for sensor in world.profile(of: index).sensors {
        let id = device.sensorID(sensor)
        numbers[id] = ids.count
        ids.append(id)
        devices.append(Int32(index))
      }
    }
    firstOfDevice.append(ids.count)
  }

  var count: Int { ids.count }

  func number(of id: String) -> Int? { numbers[id] }

  /// The decimal places of a sensor's values under a version of the firmware.
  @inline(__always)
  func decimals(of sensor: Int, version: UInt8) -> Int {
    let device = Int(devices[sensor])
    return versions[world.devices[device].profile].decimals(sensor - firstOfDevice[device], version)
  }

  /// The version of the firmware whose constants a version shares.
  @inline(__always)
  func variant(of sensor: Int, version: UInt8) -> UInt8 {
    if version == 0 { return 0 }
    let device = Int(devices[sensor])
    return versions[world.devices[device].profile].variant(sensor - firstOfDevice[device], version)
  }

  /// The value of a reading as a number.
  @inline(__always)
  func value(of reading: Reading, sensor: Int) -> Double {
    Decimal.value(reading.value, decimals: decimals(of: sensor, version: reading.version))
  }

  /// The value of a reading as it is printed.
  func text(of reading: Reading, sensor: Int) -> String {
    Decimal.text(reading.value, decimals: decimals(of: sensor, version: reading.version))
  }

  /// The expected text of an attribute that changes with the version of the firmware at most.
  func constant(_ field: AttributeMapping.Field, of sensor: Int, version: UInt8) -> String {
    let device = Int(devices[sensor])
    let index = sensor - firstOfDevice[device]
    let specification = world.profile(of: device).sensors[index]
    return switch field {
    case .siteID: world.devices[device].siteID
    case .deviceID: world.devices[device].id
    case .sensorType: specification.type.rawValue
    case .unit: versions[world.devices[device].profile].unit(index, version)
    case .quality: ""
    }
  }

  /// Whether a digest's constants are those of the sensor.
  /// - Parameter variant: the version of the firmware; `BucketTable.noVariant` where no row is expected at all.
  func constantsAgree(_ found: [String?], sensor: Int, variant: UInt8) -> Bool {
    guard variant != BucketTable.noVariant else { return false }
    for (index, field) in constantFields.enumerated() where found[index] != constant(field, of: sensor, version: variant) { return false }
    return true
  }

  /// The first column that differs from what was sent: its name, what was expected and what was found; nil when the row is equal.
  func difference(_ row: TableRow, sensor: Int, reading: Reading) -> String? {
    let expected = value(of: reading, sensor: sensor)
    if row.value != expected {
      let found = row.value.map { "\($0)" } ?? "NULL"
      return "value: expected \(text(of: reading, sensor: sensor)), found \(found)"
    }
    for (index, mapping) in attributes.enumerated() {
      let text = mapping.field == .quality ? "\(reading.quality.label)" : constant(mapping.field, of: sensor, version: reading.version)
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
