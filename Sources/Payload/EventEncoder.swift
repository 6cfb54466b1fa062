import FleetSpec
import World

/// Writes readings as telemetry events in JSON, for all devices of a profile.
///
/// What is the same for all readings of a sensor is worked out beforehand, so that encoding copies bytes and prints digits.
/// Nothing is allocated as long as the buffer need not grow.
public struct EventEncoder: Sendable {
  /// Two for each sensor: between device id and sensor id, and between sensor id and value. Then those of `variants`.
  private var pieces = TextPieces()
  /// Between value and quality, and behind the sequence number at the end.
  private let variants: SensorPieces
  private let room: Int
  private let oversize: Int
  private let device: DeviceIdentity?

  /// - Parameter device: whose readings `encode(_:into:)` encodes; nil when each call says so.
  public init(device: DeviceIdentity? = nil, profile: FirmwareProfile) {
    self.device = device
    for sensor in profile.sensors {
      pieces.add("\",\"sensor_type\":\"\(sensor.type.rawValue)\",\"sensor_id\":\"")
      pieces.add(".\(Escaping.json(sensor.name))\",\"value\":")
    }
    variants = SensorPieces(
      profile, pieces: &pieces, unit: { ",\"unit\":\"\(Escaping.json($0))\",\"quality_flag\":\"" },
      tail: { ",\"firmware\":\"\(Escaping.json($0))\"},\"source\":\"heliograph\",\"schema_version\":1}" })
    room = 4 * pieces.longest + 6 * ByteCursor.digitRoom + 512
    oversize = profile.faults.oversize
  }

  /// Appends the event of a reading of the encoder's own device, broken as the reading says. No newline follows.
  public func encode(_ reading: Reading, into buffer: inout ByteBuffer) {
    guard let device else { preconditionFailure("an encoder for all devices of a profile must be told the device") }
    encode(reading, of: device, into: &buffer)
  }

  /// Appends the event of a reading, broken as the reading says. No newline follows.
  /// - Parameter copy: above 0, the event is one that the application sends again under a new id, which ends in `:r` and this number.
  public func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int = 0, into buffer: inout ByteBuffer) {
    let begin = buffer.count
    let names = Escaping.roomForJSON(device.id) * 3 + Escaping.roomForJSON(device.siteID)
    let padding = reading.malformation == .oversized ? oversize : 0
    buffer.write(atMost: room + names + padding) { put(reading, device, copy, into: &$0) }
    switch reading.malformation {
    case .truncated: Breakage.truncate(&buffer, from: begin)
    case .syntax where Breakage.lacksEnd(reading): buffer.truncate(to: buffer.count - 1)
    default: break
    }
  }

  private func put(_ reading: Reading, _ device: DeviceIdentity, _ copy: Int, into cursor: inout ByteCursor) {
    let sensor = 2 * Int(reading.sensor)
    cursor.put("{\"event_id\":\"")
    let id = cursor.position
    putID(device, reading, into: &cursor)
    let idLength = cursor.position - id
    cursor.put(UInt8(ascii: ":"))
    cursor.put(Int64(reading.boot))
    cursor.put(UInt8(ascii: ":"))
    cursor.put(reading.sequence)
    if copy > 0 {
      cursor.put(":r")
      cursor.put(Int64(copy))
    }
    putTimestamp(reading, into: &cursor)
    cursor.put("\"site_id\":\"")
    cursor.put(json: device.siteID)
    cursor.put("\",\"asset_id\":\"")
    cursor.put(again: id, idLength)
    pieces.put(sensor, into: &cursor)
    cursor.put(again: id, idLength)
    pieces.put(sensor + 1, into: &cursor)
    putValue(reading, decimals: variants.decimals(reading), into: &cursor)
    pieces.put(variants.unit(reading), into: &cursor)
    cursor.put(reading.quality.staticLabel)
    if reading.malformation != .syntax || Breakage.lacksEnd(reading) { cursor.put(UInt8(ascii: "\"")) }
    cursor.put(",\"metadata\":{\"boot\":")
    cursor.put(Int64(reading.boot))
    cursor.put(",\"seq\":")
    cursor.put(reading.sequence)
    if reading.isDifference { cursor.put(",\"encoding\":\"delta\"") }
    if reading.malformation == .oversized {
      cursor.put(",\"padding\":\"")
      cursor.put(UInt8(ascii: "x"), times: oversize)
      cursor.put(UInt8(ascii: "\""))
    }
    pieces.put(variants.tail(reading), into: &cursor)
  }

  private func putID(_ device: DeviceIdentity, _ reading: Reading, into cursor: inout ByteCursor) {
    if reading.malformation == .unknownDevice { cursor.put(Malformation.unknownPrefix) }
    cursor.put(json: device.id)
  }

  /// From the end of the event id to the site.
  private func putTimestamp(_ reading: Reading, into cursor: inout ByteCursor) {
    switch reading.malformation {
    case .missingField:
      cursor.put("\",")
    case .timestampFormat:
      cursor.put("\",\"timestamp\":\"")
      cursor.put(instant: reading.timestamp)
      cursor.put("\",")
    default:
      cursor.put("\",\"timestamp\":")
      cursor.put(reading.timestamp)
      cursor.put(UInt8(ascii: ","))
    }
  }

  private func putValue(_ reading: Reading, decimals: Int, into cursor: inout ByteCursor) {
    switch reading.malformation {
    case .notANumber:
      cursor.put("NaN")
    case .null:
      cursor.put("null")
    case .wrongType:
      cursor.put(UInt8(ascii: "\""))
      cursor.put(reading.value, decimals: decimals)
      cursor.put(UInt8(ascii: "\""))
    case .none, .truncated, .missingField, .syntax, .timestampFormat, .oversized, .wrongUnit, .outOfRange, .unknownDevice:
      cursor.put(reading.value, decimals: decimals)
    }
  }
}
