import CMosquitto

/// The MQTT 5 properties that messages have in common, made once. Empty for MQTT 3.1.1.
final class MQTTProperties {
  /// Of a message without an alias; nil when there are none.
  private(set) var plain: OpaquePointer?
  /// Of a message with the alias index + 1.
  private var aliased: [OpaquePointer?] = []
  static let mostAliases = 64

  init(_ configuration: MQTTConfiguration) {
    guard configuration.version == .five else { return }
    plain = Self.expiry(configuration.messageExpiry)
    guard configuration.usesTopicAliases else { return }
    for alias in 1...UInt16(Self.mostAliases) {
      var list = Self.expiry(configuration.messageExpiry)
      mosquitto_property_add_int16(&list, Int32(MQTT_PROP_TOPIC_ALIAS.rawValue), alias)
      aliased.append(list)
    }
  }

  private static func expiry(_ seconds: UInt32) -> OpaquePointer? {
    var list: OpaquePointer?
    if seconds > 0 { mosquitto_property_add_int32(&list, Int32(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL.rawValue), seconds) }
    return list
  }

  deinit {
    mosquitto_property_free_all(&plain)
    for index in aliased.indices { mosquitto_property_free_all(&aliased[index]) }
  }

  /// - Parameter limit: how many aliases the broker allows.
  func aliased(_ alias: Int, limit: UInt16) -> OpaquePointer? {
    alias <= aliased.count && alias <= Int(limit) ? aliased[alias - 1] : nil
  }
}

/// MQTT 5 user properties of one message, with what all messages have.
public final class MQTTUserProperties {
  private(set) var list: OpaquePointer?

  /// - Parameter messageExpiry: seconds, 0 for never.
  public init(_ pairs: [(name: String, value: String)], messageExpiry: UInt32) {
    if messageExpiry > 0 { mosquitto_property_add_int32(&list, Int32(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL.rawValue), messageExpiry) }
    for pair in pairs { mosquitto_property_add_string_pair(&list, Int32(MQTT_PROP_USER_PROPERTY.rawValue), pair.name, pair.value) }
  }

  deinit { mosquitto_property_free_all(&list) }
}
