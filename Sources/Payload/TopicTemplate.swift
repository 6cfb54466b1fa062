import FleetSpec
import World

/// A topic with placeholders: `{site_id}`, `{device_id}`, `{asset_id}` (the same), `{sensor_id}`, `{sensor}` and `{sensor_type}`.
public struct TopicTemplate: Sendable {
  private enum Part: Sendable {
    case text(String)
    case site, device, sensorID, sensorName, sensorType
  }

  private let parts: [Part]
  /// Without the levels that name a sensor.
  private let wideParts: [Part]

  /// Any text is a template; braces around anything else stay as they are.
  public init(_ template: String) {
    parts = Self.parts(template)
    let levels = template.split(separator: "/", omittingEmptySubsequences: false).filter { level in
      !["{sensor_id}", "{sensor}", "{sensor_type}"].contains { level.contains($0) }
    }
    wideParts = Self.parts(levels.isEmpty ? "{device_id}" : levels.joined(separator: "/"))
  }

  private static func parts(_ template: String) -> [Part] {
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
      if !text.isEmpty { parts.append(.text(text)) }
      text = ""
      parts.append(part)
      rest = tail[tail.index(after: close)...]
    }
    text += rest
    if !text.isEmpty { parts.append(.text(text)) }
    return parts
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
    for part in wideParts {
      switch part {
      case .text(let text): buffer.append(string: text)
      case .site: buffer.append(string: device.siteID)
      default: buffer.append(string: device.id)
      }
    }
  }

  /// Appends the topic of one sensor of a device. Nothing is allocated as long as the buffer need not grow.
  public func append(device: DeviceIdentity, sensor: Sensor, into buffer: inout ByteBuffer) {
    for part in parts {
      switch part {
      case .text(let text): buffer.append(string: text)
      case .site: buffer.append(string: device.siteID)
      case .device: buffer.append(string: device.id)
      case .sensorID:
        buffer.append(string: device.id)
        buffer.append(".")
        buffer.append(string: sensor.name)
      case .sensorName: buffer.append(string: sensor.name)
      case .sensorType: buffer.append(string: sensor.type.rawValue)
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
