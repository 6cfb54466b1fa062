import FleetSpec

/// How all devices of a fleet reach their broker.
public struct MQTTConfiguration: Sendable {
  public struct TLS: Sendable {
    /// PEM file of trusted certificate authorities, or nil for the system's.
    public var authorityFile: String?
    /// Folder of `<device>.crt` and `<device>.key`, or nil.
    public var deviceCertificates: String?
    /// The name or address that the broker's certificate must bear.
    public var serverName: String
    public init(authorityFile: String?, deviceCertificates: String?, serverName: String) {
      self.authorityFile = authorityFile
      self.deviceCertificates = deviceCertificates
      self.serverName = serverName
    }
  }
  public var host: String
  public var port: Int
  public var tls: TLS?
  public var user: String?
  public var password: String?
  /// Connection attempts under way at once. Mosquitto's listen backlog is 100; beyond it a SYN is retried after a second.
  public var concurrentConnects = 64

  public init(host: String, port: Int, tls: TLS?, user: String?, password: String?) {
    self.host = host
    self.port = port
    self.tls = tls
    self.user = user
    self.password = password
  }

  /// As a fleet file says it.
  public init(_ transport: MQTTTransport, password: String?) {
    self.init(
      host: transport.host, port: transport.port,
      tls: transport.tls.map {
        TLS(authorityFile: $0.authorityFile, deviceCertificates: $0.deviceCertificates, serverName: $0.serverName)
      },
      user: transport.user, password: password)
  }
}

/// One device as its broker sees it.
public struct MQTTDevice: Sendable {
  /// The MQTT client identifier. Two devices may have the same: the broker then lets one of them go whenever the other comes.
  public var id: String
  /// Names the device's certificate.
  public var certificate: String
  public var keepaliveSeconds: Int32
  /// Wall-clock milliseconds from the start of an attempt to CONNACK.
  public var connectTimeout: Int64
  /// The largest number of unacknowledged messages that the firmware keeps.
  public var inflight: Int32
  /// Topic of the last will (`offline`, retained) and of the birth message (`online`, retained), or nil for neither.
  public var statusTopic: String?
  /// False when the broker keeps the session over connections.
  public var cleanSession: Bool
  public init(
    id: String, keepaliveSeconds: Int32, connectTimeout: Int64, inflight: Int32, statusTopic: String?, certificate: String? = nil,
    cleanSession: Bool = true
  ) {
    self.cleanSession = cleanSession
    self.id = id
    self.certificate = certificate ?? id
    self.keepaliveSeconds = keepaliveSeconds
    self.connectTimeout = connectTimeout
    self.inflight = inflight
    self.statusTopic = statusTopic
  }
}
