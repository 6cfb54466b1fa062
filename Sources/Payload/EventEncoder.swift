import FleetSpec
import World

/// Writes a device's readings as telemetry events in JSON.
///
/// What is the same for all readings of a sensor is worked out beforehand, so that encoding copies bytes and prints digits.
/// Nothing is allocated as long as the buffer need not grow.
public struct EventEncoder: Sendable {
  /// 0: up to the boot number of the event id; 1: behind the sequence number at the end. From 2 on two for each sensor: before the
  /// value, and between value and quality.
  private var pieces = TextPieces()
  private let decimals: [Int]
  private let room: Int

  /// The share of its bytes that is left of a truncated payload, in percent.
  static let truncatedPercent = 60

  public init(device: DeviceIdentity, profile: FirmwareProfile) {
    let deviceID = Escaping.json(device.id)
    let siteID = Escaping.json(device.siteID)
    pieces.add("{\"event_id\":\"\(deviceID):")
    pieces.add(",\"firmware\":\"\(Escaping.json(profile.firmware))\"},\"source\":\"heliograph\",\"schema_version\":1}")
    for (index, sensor) in profile.sensors.enumerated() {
      let sensorID = Escaping.json(device.sensorIDs[index])
      pieces.add(
        "\"site_id\":\"\(siteID)\",\"asset_id\":\"\(deviceID)\",\"sensor_type\":\"\(sensor.type.rawValue)\","
          + "\"sensor_id\":\"\(sensorID)\",\"value\":")
      pieces.add(",\"unit\":\"\(Escaping.json(sensor.unit))\",\"quality_flag\":\"")
    }
    decimals = profile.sensors.map(\.decimals)
    room = 4 * pieces.longest + 6 * ByteCursor.digitRoom + 256
  }

  /// Appends the event of a reading, broken as the reading says. No newline follows.
  public func encode(_ reading: Reading, into buffer: inout ByteBuffer) {
    let begin = buffer.count
    buffer.write(atMost: room) { put(reading, into: &$0) }
    if reading.malformation == .truncated {
      buffer.truncate(to: begin + (buffer.count - begin) * EventEncoder.truncatedPercent / 100)
    }
  }

  private func put(_ reading: Reading, into cursor: inout ByteCursor) {
    let sensor = Int(reading.sensor)
    pieces.put(0, into: &cursor)
    cursor.put(Int64(reading.boot))
    cursor.put(UInt8(ascii: ":"))
    cursor.put(reading.seq)
    if reading.malformation == .missingField {
      cursor.put("\",")
    } else {
      cursor.put("\",\"timestamp\":")
      cursor.put(reading.timestamp)
      cursor.put(UInt8(ascii: ","))
    }
    pieces.put(2 + 2 * sensor, into: &cursor)
    putValue(reading, decimals: decimals[sensor], into: &cursor)
    pieces.put(3 + 2 * sensor, into: &cursor)
    cursor.put(reading.quality.staticLabel)
    cursor.put("\",\"metadata\":{\"boot\":")
    cursor.put(Int64(reading.boot))
    cursor.put(",\"seq\":")
    cursor.put(reading.seq)
    pieces.put(1, into: &cursor)
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
