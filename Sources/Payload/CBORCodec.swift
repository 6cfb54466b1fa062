import FleetSpec
import World

/// The fields of the telemetry event in CBOR, deterministically encoded: shortest numbers, keys in bytewise order.
///
/// A number without decimal places is an integer, any other the shortest floating-point number that keeps its value.
///
/// Source: RFC 8949, sections 3 and 4.2.1.
final class CBORCodec: Codec {
  /// What a map of all readings says of each.
  private enum Field { case sequence, unit, value, type, quality }

  private let pieces: TextPieces
  private let sensors: SensorPieces
  /// Sensor s has, from here on: its type as text, `.` and its name as bytes, its name as text.
  private let firstSensor: Int
  /// The sensors in the order of their names as keys.
  private let order: [Int32]
  private let oversize: Int
  private let room: Int

  init(profile: FirmwareProfile) {
    var pieces = TextPieces()
    firstSensor = pieces.count
    for sensor in profile.sensors {
      pieces.add(bytes: CBOR.text(sensor.type.rawValue))
      pieces.add(".\(sensor.name)")
      pieces.add(bytes: CBOR.text(sensor.name))
    }
    sensors = SensorPieces(profile, pieces: &pieces, unit: { $0 }, tail: { $0 })
    self.pieces = pieces
    let names = profile.sensors.map { CBOR.text($0.name) }
    order = names.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }.map { Int32($0) }
    oversize = profile.faults.oversize
    room = 4 * pieces.longest + 512
  }

  func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    let begin = buffer.count
    let names = 4 * (device.id.utf8.count + device.siteID.utf8.count)
    buffer.write(atMost: room + names + (reading.malformation == .oversized ? oversize : 0)) { put(reading, device, copy, into: &$0) }
    if reading.malformation == .truncated { Breakage.truncate(&buffer, from: begin) }
  }

  func encode(_ readings: [Reading], of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    let first = readings[0]
    let names = 4 * (device.id.utf8.count + device.siteID.utf8.count)
    buffer.write(atMost: room + names + readings.count * 5 * (pieces.longest * 2 + 32)) { cursor in
      cursor.put(map: 12)
      put(key: "seqs", .sequence, readings, into: &cursor)
      put(key: "units", .unit, readings, into: &cursor)
      cursor.put(cbor: "source")
      cursor.put(cbor: "heliograph")
      put(key: "values", .value, readings, into: &cursor)
      cursor.put(cbor: "site_id")
      cursor.put(text: device.siteID)
      cursor.put(cbor: "asset_id")
      cursor.put(text: device.id)
      putEventID(first, device, copy, into: &cursor)
      cursor.put(cbor: "metadata")
      cursor.put(map: 2)
      cursor.put(cbor: "boot")
      cursor.put(integer: Int64(first.boot))
      cursor.put(cbor: "firmware")
      put(textPiece: sensors.tail(first), into: &cursor)
      cursor.put(cbor: "timestamp")
      cursor.put(integer: first.timestamp)
      put(key: "sensor_types", .type, readings, into: &cursor)
      put(key: "quality_flags", .quality, readings, into: &cursor)
      cursor.put(cbor: "schema_version")
      cursor.put(integer: 2)
    }
  }

  /// An object with one field of each reading, under the sensors' names in their order.
  private func put(key: StaticString, _ field: Field, _ readings: [Reading], into cursor: inout ByteCursor) {
    cursor.put(cbor: key)
    cursor.put(map: readings.count)
    for sensor in order {
      guard let index = readings.firstIndex(where: { $0.sensor == sensor }) else { continue }
      let reading = readings[index]
      let piece = firstSensor + 3 * Int(sensor)
      pieces.put(piece + 2, into: &cursor)
      switch field {
      case .sequence: cursor.put(integer: reading.sequence)
      case .unit: put(textPiece: sensors.unit(reading), into: &cursor)
      case .value: cursor.put(number: reading.value, decimals: sensors.decimals(reading))
      case .type: pieces.put(piece, into: &cursor)
      case .quality: cursor.put(cbor: reading.quality.staticLabel)
      }
    }
  }

  private func put(_ reading: Reading, _ device: DeviceIdentity, _ copy: Int, into cursor: inout ByteCursor) {
    let piece = firstSensor + 3 * Int(reading.sensor)
    let isBroken = reading.malformation == .syntax
    let hasTimestamp = reading.malformation != .missingField
    // A map that promises one more member than it has is what a missing brace is in JSON.
    cursor.put(map: (hasTimestamp ? 12 : 11) + (isBroken && Breakage.lacksEnd(reading) ? 1 : 0))
    cursor.put(cbor: "unit")
    put(textPiece: sensors.unit(reading), into: &cursor)
    cursor.put(cbor: "value")
    putValue(reading, into: &cursor)
    // The heads of short texts are letters: source, heliograph, site_id.
    cursor.put("fsourcejheliographgsite_id")
    cursor.put(text: device.siteID)
    cursor.put(cbor: "asset_id")
    let prefix = reading.malformation == .unknownDevice ? Malformation.unknownPrefix : ""
    cursor.put(head: 3, UInt64(prefix.utf8CodeUnitCount + device.id.utf8.count))
    cursor.put(prefix)
    cursor.put(raw: device.id)
    putEventID(reading, device, copy, into: &cursor)
    putMetadata(reading, into: &cursor)
    cursor.put(cbor: "sensor_id")
    cursor.put(head: 3, UInt64(prefix.utf8CodeUnitCount + device.id.utf8.count + pieces.length(piece + 1)))
    cursor.put(prefix)
    cursor.put(raw: device.id)
    pieces.put(piece + 1, into: &cursor)
    if hasTimestamp { putTimestamp(reading, into: &cursor) }
    cursor.put(cbor: "sensor_type")
    pieces.put(piece, into: &cursor)
    cursor.put(cbor: "quality_flag")
    cursor.put(cbor: reading.quality.staticLabel)
    cursor.put(cbor: "schema_version")
    cursor.put(integer: 1)
    // A byte that begins nothing.
    if isBroken, !Breakage.lacksEnd(reading) { cursor.put(0xfc as UInt8) }
  }

  private func putMetadata(_ reading: Reading, into cursor: inout ByteCursor) {
    let isPadded = reading.malformation == .oversized
    cursor.put(cbor: "metadata")
    cursor.put(map: 3 + (isPadded ? 1 : 0) + (reading.isDifference ? 1 : 0))
    cursor.put(cbor: "seq")
    cursor.put(integer: reading.sequence)
    cursor.put(cbor: "boot")
    cursor.put(integer: Int64(reading.boot))
    if isPadded {
      cursor.put(cbor: "padding")
      cursor.put(head: 3, UInt64(oversize))
      cursor.put(UInt8(ascii: "x"), times: oversize)
    }
    if reading.isDifference {
      cursor.put(cbor: "encoding")
      cursor.put(cbor: "delta")
    }
    cursor.put(cbor: "firmware")
    put(textPiece: sensors.tail(reading), into: &cursor)
  }

  private func putTimestamp(_ reading: Reading, into cursor: inout ByteCursor) {
    cursor.put(cbor: "timestamp")
    guard reading.malformation == .timestampFormat else { return cursor.put(integer: reading.timestamp) }
    cursor.put(sized: 24) { $0.put(instant: reading.timestamp) }
  }

  private func putValue(_ reading: Reading, into cursor: inout ByteCursor) {
    let decimals = sensors.decimals(reading)
    switch reading.malformation {
    case .notANumber: cursor.put(number: .nan)
    case .null: cursor.put(0xf6 as UInt8)
    case .wrongType: cursor.put(sized: 23) { $0.put(reading.value, decimals: decimals) }
    default: cursor.put(number: reading.value, decimals: decimals)
    }
  }

  private func putEventID(_ reading: Reading, _ device: DeviceIdentity, _ copy: Int, into cursor: inout ByteCursor) {
    cursor.put(cbor: "event_id")
    cursor.put(sized: 24) { cursor in
      if reading.malformation == .unknownDevice { cursor.put(Malformation.unknownPrefix) }
      cursor.put(raw: device.id)
      cursor.put(UInt8(ascii: ":"))
      cursor.put(Int64(reading.boot))
      cursor.put(UInt8(ascii: ":"))
      cursor.put(reading.sequence)
      guard copy > 0 else { return }
      cursor.put(":r")
      cursor.put(Int64(copy))
    }
  }

  private func put(textPiece piece: Int, into cursor: inout ByteCursor) {
    cursor.put(head: 3, UInt64(pieces.length(piece)))
    pieces.put(piece, into: &cursor)
  }
}

/// CBOR made beforehand.
enum CBOR {
  static func text(_ text: String) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.write(atMost: text.utf8.count + 16) { $0.put(text: text) }
    return buffer.bytes
  }
}
