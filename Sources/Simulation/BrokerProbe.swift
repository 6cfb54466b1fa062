import FleetSpec
import Reactor
import Transport

/// Tries one connection to a fleet's broker.
public enum BrokerProbe {
  /// - Parameters:
  ///   - deviceID: the device whose certificate is shown, if certificates are used.
  ///   - timeout: wall-clock milliseconds.
  /// - Returns: why it failed, or nil when the broker accepted the connection.
  /// - Throws: when the transport cannot be set up at all.
  public static func connect(_ transport: FleetTransport, deviceID: String, timeout: Milliseconds) throws -> LinkFailure? {
    switch transport {
    case .mqtt(let mqtt): try connect(mqtt, deviceID: deviceID, timeout: timeout)
    case .kafka(let kafka): try KafkaLink.probe(kafka, timeout: timeout)
    case .http(let http): try connect(http, deviceID: deviceID, timeout: timeout)
    }
  }

  private static func connect(_ transport: HTTPTransport, deviceID: String, timeout: Milliseconds) throws -> LinkFailure? {
    let reactor = try Reactor()
    var configuration = HTTPConfiguration(transport, token: try transport.token?.read())
    configuration.timeout = min(configuration.timeout, timeout)
    let fleet = try HTTPFleet(configuration: configuration, devices: [HTTPDevice(id: deviceID)], reactor: reactor)
    let origin = SimulatedClock.monotonicMicroseconds()
    fleet.connect(0)
    while true {
      fleet.now = (SimulatedClock.monotonicMicroseconds() - origin) / 1_000
      if let event = fleet.events.first { return event.kind == .connected ? nil : event.failure }
      try reactor.poll(timeout: 50)
      fleet.housekeeping()
    }
  }

  private static func connect(_ transport: MQTTTransport, deviceID: String, timeout: Milliseconds) throws -> LinkFailure? {
    let reactor = try Reactor()
    let password = try transport.password?.read()
    var device = MQTTDevice(id: deviceID, keepaliveSeconds: 60, connectTimeout: timeout, inflight: 20, statusTopic: nil)
    try MQTTSettings(transport, password: password).authenticate(&device, name: deviceID, site: "")
    let configuration = MQTTConfiguration(transport, password: password)
    let fleet = try MQTTFleet(configuration: configuration, devices: [device], reactor: reactor)
    let origin = SimulatedClock.monotonicMicroseconds()
    fleet.connect(0)
    while true {
      fleet.now = (SimulatedClock.monotonicMicroseconds() - origin) / 1_000
      if let event = fleet.events.first {
        fleet.disconnect(0)
        return event.kind == .connected ? nil : event.failure
      }
      try reactor.poll(timeout: 50)
      fleet.housekeeping()
    }
  }
}
