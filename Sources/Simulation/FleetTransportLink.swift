import FleetSpec
import Reactor
import Transport
import World

/// Makes a fleet's link from what its file says.
public enum FleetTransportLink {
  /// Connects nothing yet.
  /// - Throws: `SecretError` when a secret is not where the file says, or what the transport says about files and names that cannot be used.
  public static func open(_ transport: FleetTransport, world: World, reactor: Reactor) throws -> any FleetLink {
    switch transport {
    case .mqtt(let mqtt): try MQTTLink(mqtt, password: try mqtt.password?.read(), world: world, reactor: reactor)
    case .kafka(let kafka): try KafkaLink(world: world, transport: kafka, reactor: reactor)
    case .http(let http): try HTTPLink(http, token: try http.token?.read(), world: world, reactor: reactor)
    }
  }
}
