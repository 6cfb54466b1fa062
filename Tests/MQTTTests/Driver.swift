import Foundation
import Reactor

@testable import Transport

/// Drives a fleet's connections until something has happened.
final class Driver {
  let fleet: MQTTFleet
  private let reactor: Reactor
  private let origin = Date()
  private(set) var events: [LinkEvent] = []
  private var nextHousekeeping: Int64 = 0

  init(_ configuration: MQTTConfiguration, _ devices: [MQTTDevice]) throws {
    signal(SIGPIPE, SIG_IGN)
    reactor = try Reactor()
    fleet = try MQTTFleet(configuration: configuration, devices: devices, reactor: reactor)
  }

  convenience init(_ broker: TestBroker, devices: [MQTTDevice], change: (inout MQTTConfiguration) -> Void = { _ in }) throws {
    var configuration = MQTTConfiguration(host: "127.0.0.1", port: broker.port, tls: nil, user: nil, password: nil)
    change(&configuration)
    try self.init(configuration, devices)
  }

  static func device(_ id: String, statusTopic: String? = nil, clean: Bool = true) -> MQTTDevice {
    MQTTDevice(id: id, keepaliveSeconds: 60, connectTimeout: 10_000, inflight: 20, statusTopic: statusTopic, cleanSession: clean)
  }

  /// Goes on until the condition holds. Returns false after half a minute, which only happens when a test fails.
  @discardableResult
  func run(until condition: (Driver) -> Bool) throws -> Bool {
    let deadline = Date().addingTimeInterval(30)
    while true {
      fleet.now = Int64(Date().timeIntervalSince(origin) * 1_000)
      if fleet.now >= nextHousekeeping {
        fleet.housekeeping()
        nextHousekeeping = fleet.now + 100
      }
      events += fleet.events
      fleet.events.removeAll()
      if condition(self) { return true }
      if Date() > deadline { return false }
      try reactor.poll(timeout: 20)
    }
  }

  /// Connects a device once and says how that ended.
  func attempt(_ device: Int = 0) throws -> LinkFailure {
    let before = events.count
    fleet.connect(device)
    try run { $0.events.dropFirst(before).contains { $0.device == device && ($0.kind == .connected || $0.kind == .lost) } }
    let end = events.dropFirst(before).first { $0.device == device && ($0.kind == .connected || $0.kind == .lost) }
    guard let end else { return .timedOut }
    return end.kind == .connected ? .none : end.failure
  }

  func publish(_ device: Int = 0, _ topic: String, _ text: String, qos: Int32 = 1, alias: Int = 0, user: MQTTUserProperties? = nil) -> Int32
  {
    var text = text
    return text.withUTF8 { bytes in
      topic.withCString { fleet.publish(device, topic: $0, payload: UnsafeRawBufferPointer(bytes), qos: qos, alias: alias, user: user) }
    }
  }

  func count(_ kind: LinkEvent.Kind) -> Int { events.count { $0.kind == kind } }

  func hasAnswer(to message: Int32) -> Bool {
    events.contains { $0.message == message && ($0.kind == .acknowledged || $0.kind == .rejected) }
  }
}
