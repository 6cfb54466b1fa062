import FleetSpec
import World

/// Writes a device's readings as lines of a trace: what was measured, with the true time, whatever the payload looks like.
///
/// Fields, in this order: device_id, site_id, boot, seq, timestamp (device clock, ms), true_time (ms), sensor_id, sensor_type, value, unit,
/// quality, firmware. Nothing is allocated as long as the buffer need not grow.
public struct TraceWriter: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case ndjson
    /// RFC 4180 with a header, lines ending in a newline alone.
    case csv
  }

  /// 0...3: before boot number, sequence number, timestamp and true time. From 4 on three for each sensor: from the
  /// sensor's identity to the value, from the value to the quality, and behind the quality.
  private var pieces = TextPieces()
  private let decimals: [Int]
  private let room: Int

  private static let fixedPieces = 4

  public init(device: DeviceIdentity, profile: FirmwareProfile, format: Format) {
    switch format {
    case .ndjson: TraceWriter.addJSON(device, profile, to: &pieces)
    case .csv: TraceWriter.addCSV(device, profile, to: &pieces)
    }
    decimals = profile.sensors.map(\.decimals)
    room = 8 * pieces.longest + 6 * ByteCursor.digitRoom
  }

  /// Appends what stands at the top of a file: the names of the fields for CSV, nothing for NDJSON.
  public static func appendHeader(_ format: Format, into buffer: inout ByteBuffer) {
    guard format == .csv else { return }
    buffer.append("device_id,site_id,boot,seq,timestamp,true_time,sensor_id,sensor_type,value,unit,quality,firmware\n")
  }

  /// Appends the line of a reading, its newline included.
  public func write(_ reading: Reading, into buffer: inout ByteBuffer) {
    buffer.write(atMost: room) { cursor in
      let sensor = TraceWriter.fixedPieces + 3 * Int(reading.sensor)
      pieces.put(0, into: &cursor)
      cursor.put(Int64(reading.boot))
      pieces.put(1, into: &cursor)
      cursor.put(reading.seq)
      pieces.put(2, into: &cursor)
      cursor.put(reading.timestamp)
      pieces.put(3, into: &cursor)
      cursor.put(reading.trueTime)
      pieces.put(sensor, into: &cursor)
      cursor.put(reading.value, decimals: decimals[Int(reading.sensor)])
      pieces.put(sensor + 1, into: &cursor)
      cursor.put(reading.quality.staticLabel)
      pieces.put(sensor + 2, into: &cursor)
    }
  }

  /// Appends the lines of the sample that was taken last.
  public func writeSample(of stream: borrowing DeviceStream, into buffer: inout ByteBuffer) {
    for sensor in 0..<stream.readingCount {
      write(stream.reading(sensor), into: &buffer)
    }
  }

  private static func addJSON(_ device: DeviceIdentity, _ profile: FirmwareProfile, to pieces: inout TextPieces) {
    pieces.add("{\"device_id\":\"\(Escaping.json(device.id))\",\"site_id\":\"\(Escaping.json(device.siteID))\",\"boot\":")
    pieces.add(",\"seq\":")
    pieces.add(",\"timestamp\":")
    pieces.add(",\"true_time\":")
    for sensor in profile.sensors {
      pieces.add(
        ",\"sensor_id\":\"\(Escaping.json(device.sensorID(sensor)))\",\"sensor_type\":\"\(sensor.type.rawValue)\",\"value\":")
      pieces.add(",\"unit\":\"\(Escaping.json(sensor.unit))\",\"quality\":\"")
      pieces.add("\",\"firmware\":\"\(Escaping.json(profile.firmware))\"}\n")
    }
  }

  private static func addCSV(_ device: DeviceIdentity, _ profile: FirmwareProfile, to pieces: inout TextPieces) {
    pieces.add("\(Escaping.csv(device.id)),\(Escaping.csv(device.siteID)),")
    pieces.add(",")
    pieces.add(",")
    pieces.add(",")
    for sensor in profile.sensors {
      pieces.add(",\(Escaping.csv(device.sensorID(sensor))),\(sensor.type.rawValue),")
      pieces.add(",\(Escaping.csv(sensor.unit)),")
      pieces.add(",\(Escaping.csv(profile.firmware))\n")
    }
  }
}
