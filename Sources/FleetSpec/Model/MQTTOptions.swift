/// What may be said of MQTT beyond the address of a broker. The defaults stand for MQTT 3.1.1 at its plainest.
public struct MQTTOptions: Sendable, Equatable {
  public enum Version: String, Sendable, CaseIterable {
    case three = "3.1.1"
    case five = "5"
  }

  /// A broker beside the first.
  public struct Broker: Sendable, Equatable {
    public var host: String
    public var port: Int
    /// What its certificate must bear.
    public var serverName: String
  }

  /// A message about a device. The payload may contain `{site_id}`, `{device_id}` and `{asset_id}` (the same).
  public struct StatusMessage: Sendable, Equatable {
    public var payload: String
    /// 0...2.
    public var qos: Int
    public var isRetained: Bool
  }

  public struct Commands: Sendable, Equatable {
    /// May contain `{site_id}`, `{device_id}` and `{asset_id}`.
    public var topic: String
    /// 0...2.
    public var qos: Int
  }

  /// A user property: its name, and its value as a template with the placeholders of a topic.
  public struct UserProperty: Sendable, Equatable {
    public var name: String
    public var value: String
  }

  public var version = Version.three
  /// In the order in which they are tried.
  public var brokers: [Broker] = []
  /// After what time a device on another broker goes back to the first; nil for never.
  public var backToFirstAfter: Milliseconds? = 60_000
  /// A PEM file of certificates that their authority has revoked.
  public var revocationFile: String?
  public var resumesSessions = false
  /// A file of lines `device,user,password`.
  public var credentialsFile: String?
  /// Empty when the kernel chooses.
  public var sourceAddresses: [AddressRange] = []
  public var birth: StatusMessage? = StatusMessage(payload: "online", qos: 0, isRetained: true)
  public var will: StatusMessage? = StatusMessage(payload: "offline", qos: 1, isRetained: true)
  /// MQTT 5: for how long the broker waits before it publishes the will.
  public var willDelay: Milliseconds = 0
  /// Where devices listen for commands; nil when they do not.
  public var commands: Commands?
  /// MQTT 5; nil for never.
  public var messageExpiry: Milliseconds?
  /// MQTT 5: for how long a broker keeps the session of a device that is away.
  public var sessionExpiry: Milliseconds = 86_400_000
  /// MQTT 5.
  public var userProperties: [UserProperty] = []
  /// MQTT 5, for messages at QoS 0.
  public var topicAliases = false
}
