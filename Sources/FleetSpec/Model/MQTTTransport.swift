/// MQTT over TCP or TLS.
public struct MQTTTransport: Sendable, Equatable {
  public var host: String
  /// 1...65535.
  public var port: Int
  /// Nil for plain TCP (`mqtt://`).
  public var tls: TLS?
  /// May contain `{site_id}`, `{device_id}` and `{asset_id}`, as the password may.
  public var user: String?
  public var password: SecretReference?
  /// May contain `{site_id}`, `{device_id}`, `{asset_id}` (the same), `{sensor_id}`, `{sensor}` and `{sensor_type}`.
  public var topic: String
  /// Where birth and last will go; may contain `{site_id}` and `{device_id}`.
  public var statusTopic: String
  public var options = MQTTOptions()

  public struct TLS: Sendable, Equatable {
    /// A PEM file of trusted certificate authorities; nil for the system's.
    public var authorityFile: String?
    /// A folder with `<device>.crt` and `<device>.key`; nil when devices show no certificate.
    public var deviceCertificates: String?
    /// The name that the broker's certificate must bear; the URL's host by default.
    public var serverName: String
  }
}
