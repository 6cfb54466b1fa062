import FleetSpec
import World

/// A topic with placeholders: `{site_id}`, `{device_id}`, `{asset_id}` (the same), `{sensor_id}`, `{sensor}` and `{sensor_type}`.
public struct TopicTemplate: Sendable {
  private enum Part: Sendable {
    case text(String)
    case site, device, sensorID, sensorName, sensorType
  }

  private let parts: [Part]

  /// Any text is a template; braces around anything else stay as they are.
  public init(_ template: String) {
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
    self.parts = parts
  }

  /// The topic of one sensor of a device.
  /// - Parameter sensor: index in the profile's sensors.
  public func topic(device: DeviceIdentity, profile: FirmwareProfile, sensor: Int) -> String {
    var topic = ""
    for part in parts {
      switch part {
      case .text(let text): topic += text
      case .site: topic += device.siteID
      case .device: topic += device.id
      case .sensorID: topic += device.sensorIDs[sensor]
      case .sensorName: topic += profile.sensors[sensor].name
      case .sensorType: topic += profile.sensors[sensor].type.rawValue
      }
    }
    return topic
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
