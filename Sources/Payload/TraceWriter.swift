import FleetSpec
import Glibc
import World

/// Writes a device's readings as lines of a trace: what was measured, with the true time, whatever the payload looks like.
///
/// Fields, in this order: device_id, site_id, boot, seq, timestamp (device clock, ms), true_time (ms), sensor_id, sensor_type, value, unit,
/// quality, firmware. With the truth also true_value behind value, and faults at the end. Nothing is allocated as long as the buffer need
/// not grow.
public struct TraceWriter: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case ndjson
    /// RFC 4180 with a header, lines ending in a newline alone.
    case csv
  }

  /// 0...3: before boot number, sequence number, timestamp and true time. From 4 on one for each sensor: from its identity to the value.
  /// Then those of `variants`.
  private var pieces = TextPieces()
  /// From the value to the quality, and behind the quality.
  private let variants: SensorPieces
  private let room: Int
  private let format: Format
  private let hasTruth: Bool
  /// By sensor: 10 to the number of decimals of the true value, and that number.
  private let truthScales: [(factor: Double, decimals: Int)]

  private static let fixedPieces = 4
  /// Decimal places that a true value has more than a shown one.
  static let moreDecimals = 3

  /// - Parameter truth: whether the true value and the faults stand beside what was shown.
  public init(device: DeviceIdentity, profile: FirmwareProfile, format: Format, truth: Bool = false) {
    self.format = format
    hasTruth = truth
    let isJSON = format == .ndjson
    let end = truth ? "" : isJSON ? "}\n" : "\n"
    TraceWriter.addIdentity(device, profile, isJSON: isJSON, to: &pieces)
    variants = SensorPieces(
      profile, pieces: &pieces,
      unit: { isJSON ? ",\"unit\":\"\(Escaping.json($0))\",\"quality\":\"" : ",\(Escaping.csv($0))," },
      tail: { (isJSON ? "\",\"firmware\":\"\(Escaping.json($0))\"" : ",\(Escaping.csv($0))") + end })
    room = 8 * pieces.longest + 8 * ByteCursor.digitRoom + 32 * Fault.allCases.count
    truthScales = profile.sensors.map {
      let decimals = $0.decimals + TraceWriter.moreDecimals
      return (pow(10, Double(decimals)), decimals)
    }
  }

  /// Appends what stands at the top of a file: the names of the fields for CSV, nothing for NDJSON.
  public static func appendHeader(_ format: Format, truth: Bool = false, into buffer: inout ByteBuffer) {
    guard format == .csv else { return }
    buffer.append("device_id,site_id,boot,seq,timestamp,true_time,sensor_id,sensor_type,value,")
    if truth { buffer.append("true_value,") }
    buffer.append("unit,quality,firmware")
    buffer.append(truth ? ",faults\n" : "\n")
  }

  /// Appends the line of a reading, its newline included.
  /// - Parameter truth: the true value in the sensor's unit; ignored by a writer that does not tell it.
  public func write(_ reading: Reading, truth: Double = 0, into buffer: inout ByteBuffer) {
    buffer.write(atMost: room) { cursor in
      pieces.put(0, into: &cursor)
      cursor.put(Int64(reading.boot))
      pieces.put(1, into: &cursor)
      cursor.put(reading.seq)
      pieces.put(2, into: &cursor)
      cursor.put(reading.timestamp)
      pieces.put(3, into: &cursor)
      cursor.put(reading.trueTime)
      pieces.put(TraceWriter.fixedPieces + Int(reading.sensor), into: &cursor)
      cursor.put(reading.value, decimals: variants.decimals(reading))
      if hasTruth { put(truth, truthScales[Int(reading.sensor)], into: &cursor) }
      pieces.put(variants.unit(reading), into: &cursor)
      cursor.put(reading.quality.staticLabel)
      pieces.put(variants.tail(reading), into: &cursor)
      if hasTruth { put(reading.faults, into: &cursor) }
    }
  }

  /// Appends the lines of the sample that was taken last.
  public func writeSample(of stream: borrowing DeviceStream, into buffer: inout ByteBuffer) {
    for index in 0..<stream.readingCount {
      write(stream.reading(index), truth: hasTruth ? stream.truth(index) : 0, into: &buffer)
    }
  }

  private func put(_ truth: Double, _ scale: (factor: Double, decimals: Int), into cursor: inout ByteCursor) {
    cursor.put(format == .csv ? "," : ",\"true_value\":")
    let steps = (truth * scale.factor).rounded()
    cursor.put(Int64(exactly: min(max(steps, -9e18), 9e18)) ?? 0, decimals: scale.decimals)
  }

  private func put(_ faults: FaultSet, into cursor: inout ByteCursor) {
    cursor.put(format == .csv ? "," : ",\"faults\":[")
    var rest = faults.rawValue
    while rest != 0 {
      let fault = Fault(rawValue: UInt8(rest.trailingZeroBitCount))
      rest &= rest - 1
      guard let fault else { continue }
      if format == .ndjson { cursor.put(UInt8(ascii: "\"")) }
      cursor.put(fault.staticLabel)
      if format == .ndjson { cursor.put(UInt8(ascii: "\"")) }
      if rest != 0 { cursor.put(format == .csv ? " " : ",") }
    }
    cursor.put(format == .csv ? "\n" : "]}\n")
  }

  private static func addIdentity(_ device: DeviceIdentity, _ profile: FirmwareProfile, isJSON: Bool, to pieces: inout TextPieces) {
    if isJSON {
      pieces.add("{\"device_id\":\"\(Escaping.json(device.id))\",\"site_id\":\"\(Escaping.json(device.siteID))\",\"boot\":")
      pieces.add(",\"seq\":")
      pieces.add(",\"timestamp\":")
      pieces.add(",\"true_time\":")
    } else {
      pieces.add("\(Escaping.csv(device.id)),\(Escaping.csv(device.siteID)),")
      for _ in 1..<fixedPieces { pieces.add(",") }
    }
    for sensor in profile.sensors {
      let id = device.sensorID(sensor)
      pieces.add(
        isJSON
          ? ",\"sensor_id\":\"\(Escaping.json(id))\",\"sensor_type\":\"\(sensor.type.rawValue)\",\"value\":"
          : ",\(Escaping.csv(id)),\(sensor.type.rawValue),")
    }
  }
}
