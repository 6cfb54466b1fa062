import FleetSpec
import World

/// Writes what is planned to go wrong with a device, one event a line.
///
/// Fields, in this order: device_id, site_id, start, end (true time, ms), fault, cause, sensor. What never ends has no `end`, what concerns the
/// whole device no `sensor`: null in JSON, empty in CSV.
public struct TimelineWriter: Sendable {
  private let deviceID: String
  private let siteID: String
  private let sensors: [String]
  private let format: TraceWriter.Format

  public init(device: DeviceIdentity, profile: FirmwareProfile, format: TraceWriter.Format) {
    let escape = format == .ndjson ? Escaping.json : Escaping.csv
    deviceID = escape(device.id)
    siteID = escape(device.siteID)
    sensors = profile.sensors.map { escape($0.name) }
    self.format = format
  }

  /// Appends the names of the fields for CSV, nothing for NDJSON.
  public static func appendHeader(_ format: TraceWriter.Format, into buffer: inout ByteBuffer) {
    if format == .csv { buffer.append("device_id,site_id,start,end,fault,cause,sensor\n") }
  }

  /// Appends the line of an event, its newline included.
  public func write(_ event: PlannedEvent, into buffer: inout ByteBuffer) {
    let end = event.end == .max ? nil : String(event.end)
    let sensor = event.sensor >= 0 ? sensors[Int(event.sensor)] : nil
    switch format {
    case .ndjson:
      buffer.append(string: "{\"device_id\":\"\(deviceID)\",\"site_id\":\"\(siteID)\",\"start\":\(event.start),\"end\":\(end ?? "null"),")
      buffer.append(string: "\"fault\":\"\(event.fault.label)\",\"cause\":\"\(event.cause.label)\",")
      buffer.append(string: "\"sensor\":\(sensor.map { "\"\($0)\"" } ?? "null")}\n")
    case .csv:
      buffer.append(string: "\(deviceID),\(siteID),\(event.start),\(end ?? ""),\(event.fault.label),\(event.cause.label),\(sensor ?? "")\n")
    }
  }
}
