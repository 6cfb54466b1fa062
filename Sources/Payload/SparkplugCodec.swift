import FleetSpec
import World

/// The metrics of a profile's sensors in Sparkplug B: what births say of them, and readings as data.
///
/// A sensor is a metric with the sensor's name: an `Int64` when no version of the firmware shows decimal places, otherwise a `Double`. Data
/// bears the alias alone. The property `Quality` is 192 for GOOD and 0 for everything else, which `quality_flag` then names; `boot` and
/// `seq` are the reading's.
///
/// Source: Eclipse Sparkplug Specification 3.0.0, chapters 5 and 6.
final class SparkplugCodec: Codec {
  private let names: [String]
  private let types: [String]
  private let isWhole: [Bool]
  private let profile: FirmwareProfile
  private let decimals: SensorPieces
  private let room: Int

  init(profile: FirmwareProfile) {
    self.profile = profile
    names = profile.sensors.map(\.name)
    types = profile.sensors.map(\.type.rawValue)
    isWhole = profile.sensors.indices.map { sensor in
      profile.versions.indices.allSatisfy { profile.appearance(of: sensor, version: $0).decimals == 0 }
    }
    var pieces = TextPieces()
    decimals = SensorPieces(profile, pieces: &pieces, unit: { $0 }, tail: { $0 })
    room = 256
  }

  func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    withUnsafePointer(to: reading) {
      encode(
        UnsafeBufferPointer(start: $0, count: 1), firstAlias: 1, sequence: 0, historical: false, at: reading.timestamp, into: &buffer)
    }
  }

  func encode(_ readings: [Reading], of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    readings.withUnsafeBufferPointer {
      encode($0, firstAlias: 1, sequence: 0, historical: false, at: readings[0].timestamp, into: &buffer)
    }
  }

  /// The payload of a DATA message.
  ///
  /// - Parameters:
  ///   - firstAlias: of the device's first sensor.
  ///   - sequence: of the edge node's messages, 0...255.
  ///   - historical: whether the readings are not from now.
  ///   - time: when the message is sent.
  func encode(
    _ readings: UnsafeBufferPointer<Reading>, firstAlias: Int, sequence: UInt8, historical: Bool, at time: Milliseconds,
    into buffer: inout ByteBuffer
  ) {
    let begin = buffer.count
    let malformation = readings[0].malformation
    let padding = malformation == .oversized ? profile.faults.oversize : 0
    buffer.write(atMost: 64 + readings.count * room + padding) { cursor in
      if malformation != .missingField { cursor.put(field: 1, varint: UInt64(bitPattern: time)) }
      for index in readings.indices {
        cursor.put(message: 2) { putMetric(readings[index], firstAlias: firstAlias, historical: historical, into: &$0) }
      }
      cursor.put(field: 3, varint: UInt64(sequence))
      // A field number 0 does not exist.
      if malformation == .syntax, !Breakage.lacksEnd(readings[0]) { cursor.put(0x07 as UInt8) }
    }
    switch malformation {
    case .truncated: Breakage.truncate(&buffer, from: begin)
    case .syntax where Breakage.lacksEnd(readings[0]): buffer.truncate(to: buffer.count - 1)
    default: break
    }
  }

  private func putMetric(_ reading: Reading, firstAlias: Int, historical: Bool, into cursor: inout ByteCursor) {
    cursor.put(field: 2, varint: UInt64(firstAlias + Int(reading.sensor)))
    if reading.malformation != .missingField { cursor.put(field: 3, varint: UInt64(bitPattern: reading.timestamp)) }
    if historical { cursor.put(field: 5, varint: 1) }
    if reading.malformation == .null { cursor.put(field: 7, varint: 1) }
    cursor.put(message: 9) { putProperties(reading, into: &$0) }
    let decimals = decimals.decimals(reading)
    switch reading.malformation {
    case .null: break
    case .notANumber: cursor.put(field: 13, double: .nan)
    case .wrongType: cursor.put(message: 15) { $0.put(reading.value, decimals: decimals) }
    default:
      if isWhole[Int(reading.sensor)] {
        cursor.put(field: 11, varint: UInt64(bitPattern: reading.value))
      } else {
        cursor.put(field: 13, double: FixedPoint.double(reading.value, decimals: decimals))
      }
    }
  }

  private func putProperties(_ reading: Reading, into cursor: inout ByteCursor) {
    let isPadded = reading.malformation == .oversized
    cursor.put(field: 1, text: "Quality")
    cursor.put(field: 1, text: "boot")
    cursor.put(field: 1, text: "seq")
    if reading.quality != .good { cursor.put(field: 1, text: "quality_flag") }
    if reading.isDifference { cursor.put(field: 1, text: "encoding") }
    if isPadded { cursor.put(field: 1, text: "padding") }
    cursor.put(property: .int32) { $0.put(field: 3, varint: reading.quality == .good ? 192 : 0) }
    cursor.put(property: .int64) { $0.put(field: 4, varint: UInt64(bitPattern: Int64(reading.boot))) }
    cursor.put(property: .int64) { $0.put(field: 4, varint: UInt64(bitPattern: reading.sequence)) }
    if reading.quality != .good { cursor.put(property: .string) { $0.put(field: 8, text: reading.quality.staticLabel) } }
    if reading.isDifference { cursor.put(property: .string) { $0.put(field: 8, text: "delta") } }
    if isPadded {
      cursor.put(property: .string) { cursor in
        cursor.put(message: 8) { $0.put(UInt8(ascii: "x"), times: profile.faults.oversize) }
      }
    }
  }

  // MARK: Births

  /// The most bytes that `putBirth` writes.
  var birthRoom: Int {
    names.indices.reduce(0) { sum, sensor in
      sum + 160 + names[sensor].utf8.count + types[sensor].utf8.count
        + profile.versions.indices.reduce(0) { max($0, profile.appearance(of: sensor, version: $1).label.utf8.count) }
    }
  }

  /// The metrics of a device. Their values are null: a birth measures nothing, and no reading leaves twice because of one.
  ///
  /// - Parameter version: of the device's firmware, whose units they are.
  func putBirth(firstAlias: Int, version: Int, at time: Milliseconds, into cursor: inout ByteCursor) {
    for sensor in names.indices {
      cursor.put(message: 2) { cursor in
        cursor.put(field: 1, string: names[sensor])
        cursor.put(field: 2, varint: UInt64(firstAlias + sensor))
        cursor.put(field: 3, varint: UInt64(bitPattern: time))
        cursor.put(field: 4, varint: (isWhole[sensor] ? SparkplugType.int64 : .double).rawValue)
        cursor.put(field: 7, varint: 1)
        cursor.put(message: 9) { cursor in
          cursor.put(field: 1, text: "engUnit")
          cursor.put(field: 1, text: "sensor_type")
          cursor.put(property: .string) { $0.put(field: 8, string: profile.appearance(of: sensor, version: version).label) }
          cursor.put(property: .string) { $0.put(field: 8, string: types[sensor]) }
        }
      }
    }
  }
}

/// The types of metrics and properties that occur here. Source: Sparkplug 3.0.0, section 6.4.16.
enum SparkplugType: UInt64 {
  case int32 = 3
  case int64 = 4
  case double = 10
  case boolean = 11
  case string = 12
}
