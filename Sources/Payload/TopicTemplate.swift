import FleetSpec
import World

/// A topic with placeholders: `{site_id}`, `{device_id}`, `{asset_id}` (the same), `{sensor_id}`, `{sensor}` and `{sensor_type}`.
public struct TopicTemplate: Sendable {
  private enum Part: Sendable {
    /// The number of a constant piece.
    case text(Int)
    case site, device, sensorID, sensorName, sensorType
  }

  private var texts = TextPieces()
  private var constantLength = 0
  private let parts: [Part]
  /// Without the levels that name a sensor.
  private let wideParts: [Part]

  /// Any text is a template; braces around anything else stay as they are.
  public init(_ template: String) {
    var texts = TextPieces()
    parts = Self.parts(template, &texts)
    let levels = template.split(separator: "/", omittingEmptySubsequences: false).filter { level in
      !["{sensor_id}", "{sensor}", "{sensor_type}"].contains { level.contains($0) }
    }
    wideParts = Self.parts(levels.isEmpty ? "{device_id}" : levels.joined(separator: "/"), &texts)
    self.texts = texts
    constantLength = template.utf8.count + 64
  }

  private static func parts(_ template: String, _ texts: inout TextPieces) -> [Part] {
    var parts: [Part] = []
    var text = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      text += rest[..<open]
      let tail = rest[open...]
      guard let close = tail.firstIndex(of: "}"), let part = TopicTemplate.part(tail[tail.index(after: open)..<close]) else {
        text.append("{")
        rest = tail.dropFirst()
        continue
      }
      Self.add(text, to: &parts, &texts)
      text = ""
      parts.append(part)
      rest = tail[tail.index(after: close)...]
    }
    text += rest
    Self.add(text, to: &parts, &texts)
    return parts
  }

  private static func add(_ text: String, to parts: inout [Part], _ texts: inout TextPieces) {
    guard !text.isEmpty else { return }
    parts.append(.text(texts.count))
    texts.add(text)
  }

  /// The topic of one sensor of a device.
  /// - Parameter sensor: index in the profile's sensors.
  public func topic(device: DeviceIdentity, profile: FirmwareProfile, sensor: Int) -> String {
    var buffer = ByteBuffer()
    append(device: device, sensor: profile.sensors[sensor], into: &buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  /// Appends the topic of several sensors of a device: levels of the topic that would name one of them are left out, and if none remains the
  /// topic is the device's id.
  public func append(device: DeviceIdentity, into buffer: inout ByteBuffer) {
    buffer.write(atMost: room(wideParts, device, nil)) { put(wideParts, device, nil, into: &$0) }
  }

  /// Appends the topic of one sensor of a device. Nothing is allocated as long as the buffer need not grow.
  public func append(device: DeviceIdentity, sensor: borrowing Sensor, into buffer: inout ByteBuffer) {
    let name = sensor.name
    let type = sensor.type
    buffer.write(atMost: room(parts, device, name)) { put(parts, device, (name, type), into: &$0) }
  }

  private func room(_ parts: [Part], _ device: DeviceIdentity, _ name: String?) -> Int {
    constantLength + parts.count * (device.id.utf8.count + device.siteID.utf8.count + (name?.utf8.count ?? 0) + 16)
  }

  private func put(_ parts: [Part], _ device: DeviceIdentity, _ sensor: (name: String, type: SensorType)?, into cursor: inout ByteCursor) {
    for index in parts.indices {
      switch parts[index] {
      case .text(let piece): texts.put(piece, into: &cursor)
      case .site: cursor.put(raw: device.siteID)
      case .device: cursor.put(raw: device.id)
      case .sensorID:
        cursor.put(raw: device.id)
        cursor.put(UInt8(ascii: "."))
        cursor.put(raw: sensor?.name ?? "")
      case .sensorName: cursor.put(raw: sensor?.name ?? "")
      case .sensorType: cursor.put(raw: sensor?.type.rawValue ?? "")
      }
    }
  }

  private static func part(_ name: Substring) -> Part? {
    switch name {
    case "site_id": .site
    case "device_id", "asset_id": .device
    case "sensor_id": .sensorID
    case "sensor": .sensorName
    case "sensor_type": .sensorType
    default: nil
    }
  }
}
