import FleetSpec
import World

/// InfluxDB's line protocol as QuestDB reads it, one line per message, timestamps in nanoseconds.
///
/// Tags of a reading: `site_id`, `asset_id`, `sensor_type`, `sensor_id`, `unit`, `quality_flag`; fields: `value`, `event_id`, `boot`, `seq`,
/// `firmware`. A line of several readings has a field for each sensor, another one, `<sensor>_quality`, where it is not GOOD, and no unit.
///
/// Source: InfluxData, "Line protocol reference", InfluxDB OSS v2; QuestDB, "ILP overview".
final class LineProtocolCodec: Codec {
  private let pieces: TextPieces
  private let sensors: SensorPieces
  private let firstSensor: Int
  private let oversize: Int
  private let room: Int

  init(profile: FirmwareProfile) {
    var pieces = TextPieces()
    pieces.add("\(LineProtocol.measurement(profile.payload.measurement)),site_id=")
    firstSensor = pieces.count
    for sensor in profile.sensors {
      let name = LineProtocol.tag(sensor.name)
      pieces.add(",sensor_type=\(sensor.type.rawValue),sensor_id=")
      pieces.add(".\(name)")
      pieces.add("\(name)=")
    }
    sensors = SensorPieces(
      profile, pieces: &pieces, unit: { $0.isEmpty ? "" : ",unit=\(LineProtocol.tag($0))" },
      tail: { ",firmware=\"\(LineProtocol.field($0))\"" })
    self.pieces = pieces
    oversize = profile.faults.oversize
    room = 4 * pieces.longest + 8 * ByteCursor.digitRoom + 256
  }

  func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    let begin = buffer.count
    let names = 4 * (LineProtocol.room(device.id) + LineProtocol.room(device.siteID))
    buffer.write(atMost: room + names + (reading.malformation == .oversized ? oversize : 0)) { put(reading, device, copy, into: &$0) }
    if reading.malformation == .truncated { Breakage.truncate(&buffer, from: begin) }
  }

  func encode(_ readings: [Reading], of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    let names = 4 * (LineProtocol.room(device.id) + LineProtocol.room(device.siteID))
    buffer.write(atMost: room + names + readings.count * (2 * pieces.longest + 2 * ByteCursor.digitRoom)) { cursor in
      pieces.put(0, into: &cursor)
      cursor.put(tag: device.siteID)
      cursor.put(",asset_id=")
      cursor.put(tag: device.id)
      cursor.put(UInt8(ascii: " "))
      for index in readings.indices {
        let reading = readings[index]
        let name = firstSensor + 3 * Int(reading.sensor) + 2
        pieces.put(name, into: &cursor)
        cursor.put(reading.value, decimals: sensors.decimals(reading))
        cursor.put(UInt8(ascii: ","))
        guard reading.quality != .good else { continue }
        pieces.put(name, into: &cursor)
        cursor.back(1)
        cursor.put("_quality=\"")
        cursor.put(reading.quality.staticLabel)
        cursor.put("\",")
      }
      putIdentity(readings[0], device, copy, into: &cursor)
      pieces.put(sensors.tail(readings[0]), into: &cursor)
      cursor.put(UInt8(ascii: " "))
      cursor.put(readings[0].timestamp &* 1_000_000)
      cursor.put(UInt8(ascii: "\n"))
    }
  }

  private func put(_ reading: Reading, _ device: DeviceIdentity, _ copy: Int, into cursor: inout ByteCursor) {
    let isBroken = reading.malformation == .syntax
    let lacksSpace = isBroken && Breakage.lacksEnd(reading)
    let sensor = firstSensor + 3 * Int(reading.sensor)
    pieces.put(0, into: &cursor)
    cursor.put(tag: device.siteID)
    cursor.put(",asset_id=")
    let id = cursor.position
    putID(reading, device, into: &cursor)
    let idLength = cursor.position - id
    pieces.put(sensor, into: &cursor)
    cursor.put(again: id, idLength)
    pieces.put(sensor + 1, into: &cursor)
    pieces.put(sensors.unit(reading), into: &cursor)
    cursor.put(",quality_flag=")
    cursor.put(reading.quality.staticLabel)
    if !lacksSpace { cursor.put(UInt8(ascii: " ")) }
    putValue(reading, into: &cursor)
    putIdentity(reading, device, copy, into: &cursor)
    if reading.isDifference { cursor.put(",encoding=\"delta\"") }
    if reading.malformation == .oversized {
      cursor.put(",padding=\"")
      cursor.put(UInt8(ascii: "x"), times: oversize)
      cursor.put(UInt8(ascii: "\""))
    }
    pieces.put(sensors.tail(reading), into: &cursor)
    // Without its closing quote the text goes on to the end of the line.
    if isBroken, !lacksSpace { cursor.back(1) }
    switch reading.malformation {
    case .missingField: break
    case .timestampFormat:
      cursor.put(UInt8(ascii: " "))
      cursor.put(instant: reading.timestamp)
    default:
      cursor.put(UInt8(ascii: " "))
      cursor.put(reading.timestamp &* 1_000_000)
    }
    cursor.put(UInt8(ascii: "\n"))
  }

  private func putID(_ reading: Reading, _ device: DeviceIdentity, into cursor: inout ByteCursor) {
    if reading.malformation == .unknownDevice { cursor.put(Malformation.unknownPrefix) }
    cursor.put(tag: device.id)
  }

  /// With the comma behind it. The protocol knows no null: such a field is left out.
  private func putValue(_ reading: Reading, into cursor: inout ByteCursor) {
    let decimals = sensors.decimals(reading)
    switch reading.malformation {
    case .null: return
    case .notANumber: cursor.put("value=NaN,")
    case .wrongType:
      cursor.put("value=\"")
      cursor.put(reading.value, decimals: decimals)
      cursor.put("\",")
    default:
      cursor.put("value=")
      cursor.put(reading.value, decimals: decimals)
      cursor.put(UInt8(ascii: ","))
    }
  }

  private func putIdentity(_ reading: Reading, _ device: DeviceIdentity, _ copy: Int, into cursor: inout ByteCursor) {
    cursor.put("event_id=\"")
    if reading.malformation == .unknownDevice { cursor.put(Malformation.unknownPrefix) }
    cursor.put(field: device.id)
    cursor.put(UInt8(ascii: ":"))
    cursor.put(Int64(reading.boot))
    cursor.put(UInt8(ascii: ":"))
    cursor.put(reading.sequence)
    if copy > 0 {
      cursor.put(":r")
      cursor.put(Int64(copy))
    }
    cursor.put("\",boot=")
    cursor.put(Int64(reading.boot))
    cursor.put("i,seq=")
    cursor.put(reading.sequence)
    cursor.put(UInt8(ascii: "i"))
  }
}

/// Escapes of the line protocol.
enum LineProtocol {
  /// The most bytes that a text takes in any place.
  static func room(_ text: String) -> Int { 2 * text.utf8.count }

  static func measurement(_ text: String) -> String { escape(text, ", \\") }
  /// A tag's key or value, or a field's key.
  static func tag(_ text: String) -> String { escape(text, ",= \\") }
  /// The inside of a field's text.
  static func field(_ text: String) -> String { escape(text, "\"\\") }

  /// Line ends become spaces: they would end the line.
  private static func escape(_ text: String, _ special: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      let shown: Unicode.Scalar = scalar.value < 0x20 ? " " : scalar
      if special.unicodeScalars.contains(shown) { escaped += "\\" }
      escaped.unicodeScalars.append(shown)
    }
    return escaped
  }

  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.allSatisfy {
      $0 > 0x20 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
  }
}

extension ByteCursor {
  /// A tag's value. Names without anything to escape cost no allocation.
  mutating func put(tag text: String) { put(text, unless: LineProtocol.tag) }

  /// The inside of a field's text.
  mutating func put(field text: String) { put(text, unless: LineProtocol.field) }

  private mutating func put(_ text: String, unless escape: (String) -> String) {
    var text = text
    if !text.withUTF8(LineProtocol.isPlain) { text = escape(text) }
    text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
  }
}
