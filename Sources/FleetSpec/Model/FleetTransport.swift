/// How readings leave the devices: one of the protocols, with its settings.
public enum FleetTransport: Sendable, Equatable {
  case mqtt(MQTTTransport)
  case kafka(KafkaTransport)
  case http(HTTPTransport)

  /// Where the fleet connects to and how, for people to read; never holds a secret.
  public var summary: String {
    switch self {
    case .mqtt(let mqtt): "\(mqtt.host):\(mqtt.port) \(mqtt.tls == nil ? "without TLS" : "with TLS")"
    case .kafka(let kafka): kafka.summary
    case .http(let http): "\(http.url), HTTP/\(http.version.rawValue)"
    }
  }

  /// How many servers a device may try in turn by itself.
  public var choices: Int {
    if case .mqtt(let mqtt) = self { 1 + mqtt.options.brokers.count } else { 1 }
  }

  /// How many addresses of this machine devices call from; each has local ports of its own.
  public var sourceAddresses: Int {
    if case .mqtt(let mqtt) = self { max(1, mqtt.options.sourceAddresses.reduce(0) { $0 + $1.count }) } else { 1 }
  }
}
