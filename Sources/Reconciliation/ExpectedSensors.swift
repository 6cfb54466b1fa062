import FleetSpec
import World

/// The sensors of a fleet, numbered device by device, and what their rows must say. Devices that share an identifier share its sensors.
struct ExpectedSensors {
  /// The device of each sensor: the original one where several share it.
  private(set) var devices: [Int32] = []
  /// The first sensor of each device; a twin has its original's.
  private(set) var firstOfDevice: [Int] = []
  private var decimals: [Int] = []
  private var deviceNumbers: [String: Int32] = [:]
  private let world: World
  /// By profile.
  private let versions: [VersionedSensors]
  private let constantFields: [AttributeMapping.Field]
  let attributes: [AttributeMapping]
  /// Where quality stands among the attributes, if it is compared.
  let qualityPosition: Int?
  /// How far a stored value may be from what was sent.
  let tolerance: ValueTolerance
  /// By what rows say which reading they are.
  let identity: RowIdentity
  /// Whether firmware begins its numbers anew at a boot, so that several readings of a device bear the same.
  let numbersAreReused: Bool

  init(world: World, attributes: [AttributeMapping]) {
    self.world = world
    self.attributes = attributes
    versions = world.fleet.profiles.map { VersionedSensors($0) }
    constantFields = attributes.map(\.field).filter { $0 != .quality }
    qualityPosition = attributes.firstIndex { $0.field == .quality }
    tolerance = world.fleet.pipeline.store?.tolerance ?? .exact
    numbersAreReused = world.fleet.profiles.contains(where: \.resetsSequence)
    identity = world.fleet.pipeline.store?.identity ?? RowIdentity(sensor: ColumnReference("sensor_id"))
    firstOfDevice.reserveCapacity(world.devices.count)
    for (index, device) in world.devices.enumerated() {
      if let twin = device.twin {
        firstOfDevice.append(firstOfDevice[twin.original])
        continue
      }
      firstOfDevice.append(devices.count)
      deviceNumbers[device.id] = Int32(index)
      for sensor in world.profile(of: index).sensors {
        devices.append(Int32(index))
        decimals.append(sensor.decimals)
      }
    }
  }

  var count: Int { devices.count }

  /// The sensors of a device.
  func range(of device: Int) -> Range<Int> {
    firstOfDevice[device]..<(firstOfDevice[device] + world.profile(of: device).sensors.count)
  }

  private func specification(_ sensor: Int) -> Sensor {
    let device = Int(devices[sensor])
    return world.profile(of: device).sensors[sensor - firstOfDevice[device]]
  }

  /// `<device>.<sensor name>`.
  func id(_ sensor: Int) -> String { world.devices[Int(devices[sensor])].sensorID(specification(sensor)) }

  /// The sensor of an identity, or nil when the fleet has none such.
  func number(of id: String) -> Int? {
    let prefix = "\(Malformation.unknownPrefix)"
    if let sensor = numberOfRegistered(id) { return sensor }
    guard id.hasPrefix(prefix), let sensor = numberOfRegistered(String(id.dropFirst(prefix.count))) else { return nil }
    return mayBeUnknown(sensor) ? sensor : nil
  }

  func numberOfRegistered(_ id: String) -> Int? {
    var rest = id[...]
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      // Names may have dots of their own.
      guard let device = deviceNumbers[String(id[..<dot])].map(Int.init) else { continue }
      if let sensor = world.profile(of: device).sensors.firstIndex(where: { $0.name == rest }) { return firstOfDevice[device] + sensor }
    }
    return nil
  }

  /// Whether the sensor's device sometimes sends an id that nobody has registered.
  func mayBeUnknown(_ sensor: Int) -> Bool {
    world.profile(of: Int(devices[sensor])).faults.malformedKinds.contains { $0.kind == .unknownDevice }
  }

  /// Whether a device of the fleet has this id.
  func hasDevice(named id: String) -> Bool { deviceNumbers[id] != nil }

  /// All ids under which rows of a sensor may stand.
  func allIDs(of sensor: Int) -> [String] {
    mayBeUnknown(sensor) ? [id(sensor), "\(Malformation.unknownPrefix)\(id(sensor))"] : [id(sensor)]
  }

  /// The expected text of an attribute of most readings that a version of the firmware has made of a sensor.
  func constant(_ field: AttributeMapping.Field, of sensor: Int, version: UInt8 = 0) -> String {
    switch field {
    case .siteID: world.devices[Int(devices[sensor])].siteID
    case .deviceID: world.devices[Int(devices[sensor])].id
    case .sensorType: specification(sensor).type.rawValue
    case .unit: appearances(of: sensor).unit(index(of: sensor), version)
    case .quality: ""
    }
  }

  /// The text of an attribute that a reading was sent with.
  private func sent(_ field: AttributeMapping.Field, _ reading: Reading, of sensor: Int) -> String {
    switch field {
    case .quality: reading.quality.label
    case .unit: world.profile(of: Int(devices[sensor])).unitLabel(of: reading)
    case .deviceID where reading.malformation == .unknownDevice: "\(Malformation.unknownPrefix)\(constant(field, of: sensor))"
    case .siteID, .deviceID, .sensorType: constant(field, of: sensor)
    }
  }

  func appearances(of sensor: Int) -> VersionedSensors { versions[world.devices[Int(devices[sensor])].profile] }

  private func index(of sensor: Int) -> Int { sensor - firstOfDevice[Int(devices[sensor])] }

  /// Whether a reading was sent with an identity or a unit that is not the one of its firmware: a digest cannot vouch for it.
  func isPeculiar(_ reading: Reading) -> Bool { reading.malformation == .unknownDevice || reading.malformation == .wrongUnit }

  /// The first version of the firmware whose rows say the same as a reading's, but for value and quality.
  @inline(__always)
  func variant(of reading: Reading, sensor: Int) -> UInt8 {
    reading.version == 0 ? 0 : appearances(of: sensor).variant(Int(reading.sensor), reading.version)
  }

  /// The first version whose rows say the same as a version's.
  func variant(ofVersion version: UInt8, sensor: Int) -> UInt8 {
    version == 0 ? 0 : appearances(of: sensor).variant(index(of: sensor), version)
  }

  /// The decimal places of a reading's value.
  @inline(__always)
  func decimals(of reading: Reading, sensor: Int) -> Int {
    reading.version == 0 ? decimals[sensor] : world.profile(of: Int(devices[sensor])).decimals(of: reading)
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
    let decimals = decimals(of: reading, sensor: sensor)
    if !tolerance.accepts(row.value, for: Decimal.value(reading.value, decimals: decimals)) {
      let found = row.value.map { "\($0)" } ?? "NULL"
      return "value: expected \(Decimal.text(reading.value, decimals: decimals)), found \(found)"
    }
    if let difference = messageDifference(row, sensor: sensor, reading: reading) { return difference }
    if identity.isNone { return nil }
    let id = reading.malformation == .unknownDevice ? "\(Malformation.unknownPrefix)\(id(sensor))" : id(sensor)
    if row.sensorID != id { return "sensor_id: expected \(id), found \(row.sensorID)" }
    for (index, mapping) in attributes.enumerated() {
      let text = sent(mapping.field, reading, of: sensor)
      if row.attributes[index] != text { return "\(mapping.column): expected \(text), found \(row.attributes[index] ?? "NULL")" }
    }
    return nil
  }
}
