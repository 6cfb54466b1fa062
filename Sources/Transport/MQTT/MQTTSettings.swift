import FleetSpec
import World

extension MQTTConfiguration {
  /// As a fleet file says it.
  /// - Parameter password: of the user, if there is one.
  public init(_ transport: MQTTTransport, password: String?) {
    let options = transport.options
    self.init(
      host: transport.host, port: transport.port, tls: transport.tls.map { TLS($0, options) }, user: transport.user, password: password)
    version = options.version == .five ? .five : .three
    fallbacks = options.brokers.map { Broker(host: $0.host, port: $0.port, serverName: $0.serverName) }
    moveBackAfter = options.backToFirstAfter
    sources = SourceAddresses(options.sourceAddresses)
    sessionExpiry = Self.seconds(options.sessionExpiry)
    messageExpiry = options.messageExpiry.map(Self.seconds) ?? 0
    usesTopicAliases = options.topicAliases
  }

  /// MQTT counts in whole seconds; less than one would mean none at all.
  static func seconds(_ time: Milliseconds) -> UInt32 { UInt32(clamping: (time + 999) / 1_000) }
}

extension MQTTConfiguration.TLS {
  init(_ tls: MQTTTransport.TLS, _ options: MQTTOptions) {
    self.init(authorityFile: tls.authorityFile, deviceCertificates: tls.deviceCertificates, serverName: tls.serverName)
    revocationFile = options.revocationFile
    resumesSessions = options.resumesSessions
  }
}

/// What is different for each device of a fleet: names, credentials, status messages, commands.
public struct MQTTSettings {
  private let transport: MQTTTransport
  private let password: String?
  private let credentials: CredentialsFile?

  /// - Parameter password: of the user, if there is one.
  /// - Throws: `SecretError` when the credentials cannot be used.
  public init(_ transport: MQTTTransport, password: String?) throws(SecretError) {
    self.transport = transport
    self.password = password
    if let path = transport.options.credentialsFile {
      credentials = try CredentialsFile(path)
    } else {
      credentials = nil
    }
  }

  /// - Throws: `SecretError` when the credentials lack a device.
  func devices(of world: World) throws(SecretError) -> [MQTTDevice] {
    var devices: [MQTTDevice] = []
    devices.reserveCapacity(world.devices.count)
    for index in world.devices.indices {
      let identity = world.devices[index]
      let connection = world.profile(of: index).connection
      var device = MQTTDevice(
        id: world.clientID(of: index), keepaliveSeconds: Int32(connection.keepalive / 1_000), connectTimeout: connection.connectTimeout,
        inflight: Int32(connection.inflight), statusTopic: nil, certificate: identity.id, cleanSession: connection.session == .clean)
      // Who has no connection of its own needs none of the rest.
      if identity.gateway < 0 {
        if connection.lastWill, !identity.isSecondLink, world.profile(of: index).payload.codec != .sparkplug {
          device.status = status(identity.id, site: identity.siteID)
        }
        try authenticate(&device, name: identity.id, site: identity.siteID)
        if let commands = transport.options.commands {
          device.commandTopic = Self.fill(commands.topic, identity.id, identity.siteID)
          device.commandQoS = Int32(commands.qos)
        }
      }
      devices.append(device)
    }
    return devices
  }

  /// Gives a device the user and password under which it connects.
  public func authenticate(_ device: inout MQTTDevice, name: String, site: String) throws(SecretError) {
    if let credentials {
      let entry = try credentials.entry(of: name)
      (device.user, device.password) = (entry.user, entry.password)
    } else if let user = transport.user, user.contains("{") || password?.contains("{") == true {
      device.user = Self.fill(user, name, site)
      device.password = password.map { Self.fill($0, name, site) }
    }
  }

  private func status(_ device: String, site: String) -> MQTTStatus {
    func message(_ text: MQTTOptions.StatusMessage) -> MQTTStatus.Message {
      MQTTStatus.Message(payload: Self.fill(text.payload, device, site), qos: Int32(text.qos), isRetained: text.isRetained)
    }
    let options = transport.options
    return MQTTStatus(
      topic: Self.fill(transport.statusTopic, device, site), birth: options.birth.map(message), will: options.will.map(message),
      willDelay: MQTTConfiguration.seconds(options.willDelay))
  }

  private static func fill(_ template: String, _ device: String, _ site: String) -> String {
    guard template.contains("{") else { return template }
    return template.replacing("{site_id}", with: site).replacing("{device_id}", with: device).replacing("{asset_id}", with: device)
  }
}
