import FleetSpec
import Payload
import World

/// The MQTT 5 user properties of a fleet's messages.
struct UserPropertyTemplates {
  private let templates: [(name: String, value: TopicTemplate)]
  private let messageExpiry: UInt32
  /// Made once, when all messages have the same.
  private let constant: MQTTUserProperties?

  init(_ properties: [MQTTOptions.UserProperty], messageExpiry: UInt32) {
    self.messageExpiry = messageExpiry
    templates = properties.map { ($0.name, TopicTemplate($0.value)) }
    let isConstant = !properties.isEmpty && properties.allSatisfy { !$0.value.contains("{") }
    constant = isConstant ? MQTTUserProperties(properties.map { ($0.name, $0.value) }, messageExpiry: messageExpiry) : nil
  }

  var isEmpty: Bool { templates.isEmpty }

  /// Those of a message.
  func properties(of device: DeviceIdentity, _ profile: FirmwareProfile, sensor: Int) -> MQTTUserProperties {
    if let constant { return constant }
    let pairs = templates.map { ($0.name, $0.value.topic(device: device, profile: profile, sensor: sensor)) }
    return MQTTUserProperties(pairs, messageExpiry: messageExpiry)
  }
}
