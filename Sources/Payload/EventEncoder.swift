import FleetSpec
import World

/// Writes readings as telemetry events in JSON, for all devices of a profile.
///
/// What is the same for all readings of a sensor is worked out beforehand, so that encoding copies bytes and prints digits.
/// Nothing is allocated as long as the buffer need not grow.
public struct EventEncoder: Sendable {
  /// 0: behind the sequence number at the end. From 1 on three for each sensor: between device id and sensor id, between sensor id and
  /// value, and between value and quality.
  private var pieces = TextPieces()
  private let decimals: [Int]
  private let room: Int
  private let device: DeviceIdentity?

  /// The share of its bytes that is left of a truncated payload, in percent.
  static let truncatedPercent = 60

  /// - Parameter device: whose readings `encode(_:into:)` encodes; nil when each call says so.
  public init(device: DeviceIdentity? = nil, profile: FirmwareProfile) {
    self.device = device
    pieces.add(",\"firmware\":\"\(Escaping.json(profile.firmware))\"},\"source\":\"heliograph\",\"schema_version\":1}")
    for sensor in profile.sensors {
      pieces.add("\",\"sensor_type\":\"\(sensor.type.rawValue)\",\"sensor_id\":\"")
      pieces.add(".\(Escaping.json(sensor.name))\",\"value\":")
      pieces.add(",\"unit\":\"\(Escaping.json(sensor.unit))\",\"quality_flag\":\"")
    }
    decimals = profile.sensors.map(\.decimals)
    room = 4 * pieces.longest + 6 * ByteCursor.digitRoom + 320
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
    buffer.write(atMost: room + names) { put(reading, device, copy, into: &$0) }
    if reading.malformation == .truncated {
      buffer.truncate(to: begin + (buffer.count - begin) * EventEncoder.truncatedPercent / 100)
    }
  }

  private func put(_ reading: Reading, _ device: DeviceIdentity, _ copy: Int, into cursor: inout ByteCursor) {
    let sensor = 1 + 3 * Int(reading.sensor)
    cursor.put("{\"event_id\":\"")
    cursor.put(json: device.id)
    cursor.put(UInt8(ascii: ":"))
    cursor.put(Int64(reading.boot))
    cursor.put(UInt8(ascii: ":"))
    cursor.put(reading.seq)
    if copy > 0 {
      cursor.put(":r")
      cursor.put(Int64(copy))
    }
    if reading.malformation == .missingField {
      cursor.put("\",")
    } else {
      cursor.put("\",\"timestamp\":")
      cursor.put(reading.timestamp)
      cursor.put(UInt8(ascii: ","))
    }
    cursor.put("\"site_id\":\"")
    cursor.put(json: device.siteID)
    cursor.put("\",\"asset_id\":\"")
    cursor.put(json: device.id)
    pieces.put(sensor, into: &cursor)
    cursor.put(json: device.id)
    pieces.put(sensor + 1, into: &cursor)
    putValue(reading, decimals: decimals[Int(reading.sensor)], into: &cursor)
    pieces.put(sensor + 2, into: &cursor)
    cursor.put(reading.quality.staticLabel)
    cursor.put("\",\"metadata\":{\"boot\":")
    cursor.put(Int64(reading.boot))
    cursor.put(",\"seq\":")
    cursor.put(reading.seq)
    pieces.put(0, into: &cursor)
  }

  private func putValue(_ reading: Reading, decimals: Int, into cursor: inout ByteCursor) {
    switch reading.malformation {
    case .notANumber:
      cursor.put("NaN")
    case .wrongType:
      cursor.put(UInt8(ascii: "\""))
      cursor.put(reading.value, decimals: decimals)
      cursor.put(UInt8(ascii: "\""))
    case .none, .truncated, .missingField:
      cursor.put(reading.value, decimals: decimals)
    }
  }
}
