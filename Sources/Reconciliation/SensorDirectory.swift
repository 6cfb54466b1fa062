import FleetSpec
import Store
import World

/// Says of which sensor a row is where the row itself does not.
///
/// In a wide table a column may hold sensors that bear other names in other profiles; the device decides. In a table that has the number or id
/// of the message but no sensor, the reading of that number decides; it is looked up by measuring again, device by device, once.
final class SensorDirectory {
  /// Whether sensors are looked up by the number or id of the message.
  let looksUpSensors: Bool
  private let world: World
  private let byEventID: Bool
  private let numbers: [String: Int]
  /// For each name of a sensor in a column with several, the first one: the one that the store is asked by.
  private let firstNames: [String: String]
  /// For each of these, all names.
  private let names: [String: [String]]
  private var readings: [Int: DeviceReadings] = [:]

  static func isNeeded(for store: StoreMapping) -> Bool {
    if store.identity.isNone { return false }
    return !store.tellsSensor || store.values.contains { $0.sensors.count > 1 }
  }

  init(_ world: World, _ store: StoreMapping) {
    self.world = world
    looksUpSensors = !store.tellsSensor
    byEventID = store.identity.eventID != nil
    var numbers: [String: Int] = [:]
    for (index, device) in world.devices.enumerated() where device.twin == nil { numbers[device.id] = index }
    self.numbers = numbers
    var firstNames: [String: String] = [:]
    var names: [String: [String]] = [:]
    for column in store.values where column.sensors.count > 1 {
      for name in column.sensors { firstNames[name] = column.sensors[0] }
      names[column.sensors[0]] = column.sensors
    }
    self.firstNames = firstNames
    self.names = names
  }

  /// The device's number, also where its payload bore the prefix of an unknown one.
  private func device(_ id: Substring) -> Int? {
    let prefix = "\(Malformation.unknownPrefix)"
    if let number = numbers[String(id)] { return number }
    return id.hasPrefix(prefix) ? numbers[String(id.dropFirst(prefix.count))] : nil
  }

  /// The sensor's identity for the one that stands for its column.
  func sensorID(ofColumn id: String) -> String {
    guard !names.isEmpty, let dot = id.firstIndex(of: "."), let candidates = names[String(id[id.index(after: dot)...])],
      let device = device(id[..<dot])
    else { return id }
    let sensors = world.profile(of: device).sensors
    guard let name = candidates.first(where: { name in sensors.contains { $0.name == name } }) else { return id }
    return id[..<dot] + "." + name
  }

  /// The identity by which the store is asked for a sensor.
  func columnID(ofSensor id: String) -> String {
    guard !names.isEmpty, let dot = id.firstIndex(of: "."), let first = firstNames[String(id[id.index(after: dot)...])] else { return id }
    return id[..<dot] + "." + first
  }

  /// The sensor's identity of a row.
  /// - Parameter key: the device's id, or what stands for its column.
  func sensorID(ofRow key: String, message: Int64) -> String {
    guard looksUpSensors else { return sensorID(ofColumn: key) }
    guard let device = device(key[...]) else { return key }
    guard let sensor = sensor(device, message) else { return key + ".?" }
    return key + "." + world.profile(of: device).sensors[sensor].name
  }

  private func sensor(_ device: Int, _ message: Int64) -> Int? {
    guard message >= 0 else { return nil }
    let known = readings[device] ?? DeviceReadings(world, device)
    if readings[device] == nil { readings[device] = known }
    return byEventID
      ? known.sensor(boot: Int32(clamping: message / MessageCode.perBoot), sequence: message % MessageCode.perBoot)
      : known.sensor(seq: message)
  }
}

/// Which sensor each of a device's readings is of: nothing where they take turns, one byte each otherwise.
private struct DeviceReadings {
  private var sensors: [UInt8] = []
  private let sensorCount: Int64
  private var count: Int64 = 0
  /// What has to be added to a payload's number for the ordinal, by boot; empty where firmware keeps counting.
  private var offsets: [Int32: Int64] = [:]
  private let resets: Bool

  init(_ world: World, _ device: Int) {
    let profile = world.profile(of: device)
    sensorCount = Int64(max(1, profile.sensors.count))
    resets = profile.resetsSequence
    var isRegular = true
    var stream = world.stream(device: device)
    while stream.nextSampleTime < world.start + world.fleet.duration {
      stream.sample()
      for index in 0..<stream.readingCount {
        let reading = stream.reading(index)
        sensors.append(UInt8(clamping: reading.sensor))
        if Int64(reading.sensor) != reading.seq % sensorCount { isRegular = false }
        if resets, offsets[reading.boot] == nil { offsets[reading.boot] = reading.seq - reading.sequence }
      }
    }
    count = Int64(sensors.count)
    if isRegular { sensors = [] }
  }

  func sensor(seq: Int64) -> Int? {
    guard seq >= 0, seq < count else { return nil }
    return sensors.isEmpty ? Int(seq % sensorCount) : Int(sensors[Int(seq)])
  }

  func sensor(boot: Int32, sequence: Int64) -> Int? {
    guard resets else { return sensor(seq: sequence) }
    return offsets[boot].flatMap { sensor(seq: $0 + sequence) }
  }
}
