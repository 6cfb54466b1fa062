import CMosquitto
import COpenSSL
import Firmware

/// A client of the library, and what it tells.
extension MQTTFleet {
  func makeClient(_ device: Int) -> OpaquePointer? {
    let settings = devices[device]
    guard let mosquitto = mosquitto_new_without_socketpair(settings.id, settings.cleanSession, contexts + device) else { return nil }
    if configuration.version == .five { mosquitto_int_option(mosquitto, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5) }
    mosquitto_int_option(mosquitto, MOSQ_OPT_SEND_MAXIMUM, max(settings.inflight, 20))
    mosquitto_connect_v5_callback_set(mosquitto, Self.onConnect)
    mosquitto_disconnect_v5_callback_set(mosquitto, Self.onDisconnect)
    mosquitto_publish_v5_callback_set(mosquitto, Self.onPublish)
    if settings.commandTopic != nil || session != nil { mosquitto_message_callback_set(mosquitto, Self.onMessage) }
    if let user = settings.user ?? configuration.user {
      mosquitto_username_pw_set(mosquitto, user, settings.password ?? configuration.password)
    }
    if let status = settings.status { setWill(status, of: mosquitto) }
    if let tls {
      mosquitto_int_option(mosquitto, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0)
      mosquitto_void_option(mosquitto, MOSQ_OPT_SSL_CTX, UnsafeMutableRawPointer(tls.pointer))
    }
    if configuration.version == .five, !settings.cleanSession, configuration.sessionExpiry > 0 { setSessionExpiry(mosquitto) }
    return mosquitto
  }

  /// The call that takes properties blocks. It stores them before it looks at the keepalive, of which 1 s is never allowed: nothing happens.
  private func setSessionExpiry(_ mosquitto: OpaquePointer) {
    var list: OpaquePointer?
    mosquitto_property_add_int32(&list, Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), configuration.sessionExpiry)
    mosquitto_connect_bind_v5(mosquitto, addresses[0], Int32(brokers[0].port), 1, nil, list)
    mosquitto_property_free_all(&list)
  }

  private func setWill(_ status: MQTTStatus, of mosquitto: OpaquePointer) {
    guard let will = status.will else { return }
    var list: OpaquePointer?
    if configuration.version == .five, status.willDelay > 0 {
      mosquitto_property_add_int32(&list, Int32(MQTT_PROP_WILL_DELAY_INTERVAL.rawValue), status.willDelay)
    }
    let size = Int32(will.payload.utf8.count)
    if mosquitto_will_set_v5(mosquitto, status.topic, size, will.payload, will.qos, will.isRetained, list) != MOSQ_ERR_SUCCESS.rawValue {
      mosquitto_property_free_all(&list)
    }
  }

  private static func fleet(_ context: UnsafeMutableRawPointer?) -> (MQTTFleet, Int)? {
    guard let context = context?.assumingMemoryBound(to: Context.self).pointee else { return nil }
    return (context.fleet.takeUnretainedValue(), Int(context.device))
  }

  private static let onConnect: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32, Int32, OpaquePointer?) -> Void = {
    _, context, code, _, properties in
    guard let (fleet, device) = MQTTFleet.fleet(context) else { return }
    var aliases: UInt16 = 0
    mosquitto_property_read_int16(properties, Int32(MQTT_PROP_TOPIC_ALIAS_MAXIMUM.rawValue), &aliases, false)
    fleet.answered(device, code: code, aliasLimit: aliases)
  }

  /// Also called with the library's own error numbers, which are below 128.
  private static let onDisconnect: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32, OpaquePointer?) -> Void = {
    _, context, code, _ in
    guard code >= 128, let (fleet, device) = MQTTFleet.fleet(context) else { return }
    fleet.clients[device].refusal = code
  }

  private static let onPublish: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32, Int32, OpaquePointer?) -> Void = {
    _, context, message, code, _ in
    guard let (fleet, device) = MQTTFleet.fleet(context) else { return }
    let isRejected = code >= 128
    if code == Int32(MQTT_RC_NO_MATCHING_SUBSCRIBERS.rawValue) { fleet.unheard += 1 }
    fleet.tell(
      LinkEvent(
        kind: isRejected ? .rejected : .acknowledged, device: Int32(device), message: message,
        failure: isRejected ? .rejected(code) : .none))
  }

  private static let onMessage: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, UnsafePointer<mosquitto_message>?) -> Void = {
    _, context, message in
    guard let (fleet, device) = MQTTFleet.fleet(context), let message = message?.pointee else { return }
    // What was retained was said to somebody else, at another time.
    guard !message.retain else { return }
    let bytes = UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
    if let topic = message.topic, fleet.session?.received(bytes, on: topic, device) == true { return }
    let command = DeviceCommand(bytes)
    if command == .rebirth, let mosquitto = fleet.clients[device].mosquitto { fleet.sendBirth(device, mosquitto) }
    fleet.events.append(LinkEvent(kind: .command, device: Int32(device), message: 0, failure: .none, command: command))
  }

  private func answered(_ device: Int, code: Int32, aliasLimit: UInt16) {
    guard clients[device].state == .connecting else { return }
    guard code == 0 else {
      // `mosquitto_loop_read`, which called this, is about to fail for that reason.
      clients[device].refusal = code
      return
    }
    clients[device].state = .connected
    clients[device].deadline = .max
    clients[device].aliases = 0
    clients[device].aliasLimit = aliasLimit
    connectedCount += 1
    connectedTo[Int(clients[device].broker)] += 1
    events.append(LinkEvent(kind: .connected, device: Int32(device), message: 0, failure: .none))
    session?.didConnect(device)
    leaveConnecting()
    guard let mosquitto = clients[device].mosquitto else { return }
    if tls != nil, let connection = mosquitto_ssl_get(mosquitto) { TLSContext.endForgiving(OpaquePointer(connection)) }
    sendBirth(device, mosquitto)
    if let topic = devices[device].commandTopic { mosquitto_subscribe(mosquitto, nil, topic, devices[device].commandQoS) }
  }

  private func sendBirth(_ device: Int, _ mosquitto: OpaquePointer) {
    guard let status = devices[device].status, let birth = status.birth else { return }
    mosquitto_publish(mosquitto, nil, status.topic, Int32(birth.payload.utf8.count), birth.payload, birth.qos, birth.isRetained)
  }
}
