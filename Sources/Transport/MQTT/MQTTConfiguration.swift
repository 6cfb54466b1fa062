/// How all devices of a fleet reach their broker.
public struct MQTTConfiguration: Sendable {
  public struct TLS: Sendable {
    /// PEM file of trusted certificate authorities, or nil for the system's.
    public var authorityFile: String?
    /// Folder of `<device>.crt` and `<device>.key`, or nil.
    public var deviceCertificates: String?
    /// The name or address that the broker's certificate must bear.
    public var serverName: String
    /// PEM file of certificates that their authority has revoked, or nil to accept them.
    public var revocationFile: String?
    /// Whether a device that reconnects resumes its TLS session (RFC 8446, section 2.2).
    public var resumesSessions = false
    public init(authorityFile: String?, deviceCertificates: String?, serverName: String) {
      self.authorityFile = authorityFile
      self.deviceCertificates = deviceCertificates
      self.serverName = serverName
    }
  }

  /// A place where a broker listens.
  public struct Broker: Sendable, Equatable {
    public var host: String
    public var port: Int
    /// The name or address that its certificate must bear.
    public var serverName: String
    public init(host: String, port: Int, serverName: String) {
      self.host = host
      self.port = port
      self.serverName = serverName
    }
  }

  public enum Version: Sendable, Equatable {
    /// MQTT 3.1.1
    case three
    /// MQTT 5.0
    case five
  }

  public var host: String
  public var port: Int
  public var tls: TLS?
  public var user: String?
  public var password: String?
  /// Connection attempts under way at once. Mosquitto's listen backlog is 100; beyond it a SYN is retried after a second.
  public var concurrentConnects = 64
  public var version = Version.three
  /// Tried in turn by a device that cannot connect to the broker before.
  public var fallbacks: [Broker] = []
  /// Wall-clock milliseconds after which a device on another than the first broker goes back; nil for never.
  public var moveBackAfter: Int64? = 60_000
  public var sources = SourceAddresses()
  /// MQTT 5: seconds for which the broker keeps the session of a device that is away. Only for sessions that are not clean.
  public var sessionExpiry: UInt32 = 0
  /// MQTT 5: seconds after which the broker may throw a message away that it could not deliver; 0 for never.
  public var messageExpiry: UInt32 = 0
  /// MQTT 5: whether messages at QoS 0 name their topic once, and then by a number.
  public var usesTopicAliases = false

  /// All brokers, the first choice first.
  public var brokers: [Broker] { [Broker(host: host, port: port, serverName: tls?.serverName ?? host)] + fallbacks }

  public init(host: String, port: Int, tls: TLS?, user: String?, password: String?) {
    self.host = host
    self.port = port
    self.tls = tls
    self.user = user
    self.password = password
  }
}

/// What a broker tells others of a device that comes, and of one that is lost.
public struct MQTTStatus: Sendable, Equatable {
  public struct Message: Sendable, Equatable {
    public var payload: String
    public var qos: Int32
    public var isRetained: Bool
    public init(payload: String, qos: Int32, isRetained: Bool) {
      self.payload = payload
      self.qos = qos
      self.isRetained = isRetained
    }
  }

  public var topic: String
  /// Published after each connect; nil for none.
  public var birth: Message?
  /// Published by the broker when the connection ends without a goodbye; nil for none.
  public var will: Message?
  /// MQTT 5: seconds for which the broker waits for the device to come back before it publishes the will.
  public var willDelay: UInt32 = 0

  public init(topic: String, birth: Message?, will: Message?, willDelay: UInt32 = 0) {
    self.topic = topic
    self.birth = birth
    self.will = will
    self.willDelay = willDelay
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
  /// Birth message and last will, or nil for neither.
  public var status: MQTTStatus?
  /// False when the broker keeps the session over connections.
  public var cleanSession: Bool
  /// Of the device alone; nil for the fleet's.
  public var user: String?
  public var password: String?
  /// Where the device listens for commands; nil when it does not.
  public var commandTopic: String?
  public var commandQoS: Int32 = 1

  /// - Parameter statusTopic: topic of the last will (`offline`, QoS 1, retained) and of the birth message (`online`, retained), or nil.
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
    status = statusTopic.map {
      MQTTStatus(
        topic: $0, birth: MQTTStatus.Message(payload: "online", qos: 0, isRetained: true),
        will: MQTTStatus.Message(payload: "offline", qos: 1, isRetained: true))
    }
  }
}
