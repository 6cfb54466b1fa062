/// How readings leave the devices: one of the protocols, with its settings.
public enum FleetTransport: Sendable, Equatable {
  case mqtt(MQTTTransport)
  case http(HTTPTransport)

  /// Where the fleet connects to and how, for people to read; never holds a secret.
  public var summary: String {
    switch self {
    case .mqtt(let mqtt): "\(mqtt.host):\(mqtt.port) \(mqtt.tls == nil ? "without TLS" : "with TLS")"
    case .http(let http): "\(http.url), HTTP/\(http.version.rawValue)"
    }
  }
}
