import FleetSpec
import World

/// Writes a device's readings as telemetry events in JSON.
///
/// What is the same for all readings of a sensor is worked out beforehand, so that encoding copies bytes and prints digits.
/// Nothing is allocated as long as the buffer need not grow.
public struct EventEncoder: Sendable {
  /// 0: up to the boot number of the event id; 1: behind the sequence number at the end. From 2 on for each sensor one before the
  /// value, then those behind the value.
  private var pieces = TextPieces()
  private let units: SensorPieces
  private let decimals: [Int]
  /// Bytes of each sensor's first piece that follow the sensor's id, and of its id; empty unless devices may be unknown.
  private let identities: [Identity]
  private let room: Int
  private let oversize: Int

  private struct Identity: Sendable {
    var asset: Int
    var sensor: Int
  }

  /// The share of its bytes that is left of a truncated payload, in percent.
  static let truncatedPercent = 60
  private static let head = "{\"event_id\":\""

  public init(device: DeviceIdentity, profile: FirmwareProfile) {
    let deviceID = Escaping.json(device.id)
    let siteID = Escaping.json(device.siteID)
    pieces.add("\(EventEncoder.head)\(deviceID):")
    pieces.add(",\"firmware\":\"\(Escaping.json(profile.firmware))\"},\"source\":\"heliograph\",\"schema_version\":1}")
    let site = "\"site_id\":\"\(siteID)\",\"asset_id\":\""
    var identities: [Identity] = []
    units = SensorPieces(profile, pieces: &pieces) { index, unit, pieces in
      let middle = "\(site)\(deviceID)\",\"sensor_type\":\"\(profile.sensors[index].type.rawValue)\",\"sensor_id\":\""
      if identities.count == index {
        pieces.add("\(middle)\(Escaping.json(device.sensorIDs[index]))\",\"value\":")
        identities.append(Identity(asset: site.utf8.count, sensor: middle.utf8.count))
      }
      pieces.add(",\"unit\":\"\(Escaping.json(unit))\",\"quality_flag\":\"")
      // The text before the value stands right before the first one behind it.
      return pieces.count - 1
    }
    self.identities = profile.faults.malformedKinds.contains { $0.kind == .unknownDevice } ? identities : []
    decimals = profile.sensors.map(\.decimals)
    room = 4 * pieces.longest + 6 * ByteCursor.digitRoom + 512
    oversize = profile.faults.oversize
  }

  /// Appends the event of a reading, broken as the reading says. No newline follows.
  public func encode(_ reading: Reading, into buffer: inout ByteBuffer) {
    let begin = buffer.count
    buffer.write(atMost: reading.malformation == .oversized ? room + oversize : room) { put(reading, into: &$0) }
    switch reading.malformation {
    case .truncated: buffer.truncate(to: begin + (buffer.count - begin) * EventEncoder.truncatedPercent / 100)
    case .syntax where reading.seq % 2 == 0: buffer.truncate(to: buffer.count - 1)
    default: break
    }
  }

  private func put(_ reading: Reading, into cursor: inout ByteCursor) {
    putHead(reading, into: &cursor)
    cursor.put(Int64(reading.boot))
    cursor.put(UInt8(ascii: ":"))
    cursor.put(reading.sequence)
    putTimestamp(reading, into: &cursor)
    putSensor(reading, into: &cursor)
    putValue(reading, decimals: decimals[Int(reading.sensor)], into: &cursor)
    pieces.put(units.piece(reading), into: &cursor)
    cursor.put(reading.quality.staticLabel)
    // Every other reading with a broken syntax lacks a quote, the rest its last brace.
    cursor.put(reading.malformation == .syntax && reading.seq % 2 != 0 ? ",\"metadata\":{\"boot\":" : "\",\"metadata\":{\"boot\":")
    cursor.put(Int64(reading.boot))
    cursor.put(",\"seq\":")
    cursor.put(reading.sequence)
    if reading.malformation == .oversized {
      cursor.put(",\"padding\":\"")
      cursor.put(UInt8(ascii: "x"), times: oversize)
      cursor.put("\"")
    }
    pieces.put(1, into: &cursor)
  }

  private func putHead(_ reading: Reading, into cursor: inout ByteCursor) {
    guard reading.malformation == .unknownDevice else {
      pieces.put(0, into: &cursor)
      return
    }
    pieces.put(0, from: 0, to: EventEncoder.head.utf8.count, into: &cursor)
    cursor.put(Malformation.unknownPrefix)
    pieces.put(0, from: EventEncoder.head.utf8.count, to: .max, into: &cursor)
  }

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

  /// From the site to the value.
  private func putSensor(_ reading: Reading, into cursor: inout ByteCursor) {
    let sensor = Int(reading.sensor)
    let piece = units.first(sensor) - 1
    guard reading.malformation == .unknownDevice, !identities.isEmpty else {
      pieces.put(piece, into: &cursor)
      return
    }
    let identity = identities[sensor]
    pieces.put(piece, from: 0, to: identity.asset, into: &cursor)
    cursor.put(Malformation.unknownPrefix)
    pieces.put(piece, from: identity.asset, to: identity.sensor, into: &cursor)
    cursor.put(Malformation.unknownPrefix)
    pieces.put(piece, from: identity.sensor, to: .max, into: &cursor)
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
