import FleetSpec
import Foundation
import Testing

@testable import Firmware
@testable import Transport

/// Sessions, brokers, addresses, credentials, commands: over connections that come and go.
@Suite(.serialized) struct SessionTests {
  @Test(arguments: [MQTTConfiguration.Version.three, .five]) func exactlyOnceOverCuts(version: MQTTConfiguration.Version) throws {
    let broker = try TestBroker()
    let reader = try Client.subscribe(broker, "t/#", format: "%p", count: 60, more: ["-q", "2", "-W", "25"])
    let driver = try Driver(broker, devices: [Driver.device("d-1", clean: false)]) {
      $0.version = version
      $0.sessionExpiry = 600
    }
    #expect(try driver.attempt() == .none)
    var messages: [Int32] = []
    for number in 0..<60 {
      messages.append(driver.publish(0, "t/a", "\(number)", qos: 2))
      guard number % 20 == 10 else { continue }
      // With some at every step: not sent, received, released.
      if number == 30 { try driver.run { $0.hasAnswer(to: messages[20]) } }
      driver.fleet.cut(0)
      #expect(try driver.attempt() == .none)
    }
    #expect(try driver.run { driver in messages.allSatisfy { driver.hasAnswer(to: $0) } })
    #expect(Client.lines(of: reader) == (0..<60).map(String.init))
    for message in messages { #expect(driver.events.filter { $0.kind == .acknowledged && $0.message == message }.count == 1) }
  }

  @Test func devicesFailOverAndComeBack() throws {
    let first = try TestBroker()
    let second = try TestBroker()
    first.kill()
    var configuration = MQTTConfiguration(host: "127.0.0.1", port: first.port, tls: nil, user: nil, password: nil)
    configuration.fallbacks = [.init(host: "127.0.0.1", port: second.port, serverName: "127.0.0.1")]
    configuration.moveBackAfter = 300
    let driver = try Driver(configuration, (1...4).map { Driver.device("d-\($0)") })
    for device in 0..<4 {
      let failure = try driver.attempt(device)
      #expect(failure != .none && failure.refusal == .passing, "the first broker is down: \(failure)")
      #expect(try driver.attempt(device) == .none)
    }
    #expect(driver.fleet.connectionsByBroker == [0, 4])
    try first.start()
    // Firmware connects again whenever a connection was lost.
    #expect(
      try driver.run { driver in
        for device in 0..<4 { driver.fleet.connect(device) }
        return driver.fleet.connectionsByBroker == [4, 0]
      })
    #expect(driver.events.filter { $0.failure == .movedBack }.count >= 4)
  }

  @Test func namesAreDemandedOfEachBroker() throws {
    let first = try TestBroker.secure(serverNames: ["localhost"])
    let second = try TestBroker.secure(serverNames: ["broker.example", "127.0.0.1"])
    try Shell.run("cat \(second.folder)/tls/ca.crt >> \(first.folder)/tls/ca.crt")
    for (name, isGood) in [("broker.example", true), ("127.0.0.1", true), ("localhost", false)] {
      var configuration = MQTTConfiguration(host: "127.0.0.1", port: TestBroker.freePort(), tls: nil, user: nil, password: nil)
      configuration.tls = .init(authorityFile: "\(first.folder)/tls/ca.crt", deviceCertificates: nil, serverName: "localhost")
      configuration.fallbacks = [.init(host: "127.0.0.1", port: second.port, serverName: name)]
      let driver = try Driver(configuration, [Driver.device("d-1")])
      #expect(try driver.attempt() != .none)
      let failure = try driver.attempt()
      #expect(isGood ? failure == .none : "\(failure)".contains("hostname mismatch"), "\(name): \(failure)")
    }
  }

  @Test func devicesCallFromTheirAddresses() throws {
    let broker = try TestBroker()
    let sources = SourceAddresses([try AddressRange("127.0.1.0/30"), try AddressRange("127.9.9.9")])
    let driver = try Driver(broker, devices: (1...6).map { Driver.device("d-\($0)") }) { $0.sources = sources }
    for device in 0..<6 { #expect(try driver.attempt(device) == .none) }
    let log = broker.log
    for (device, address) in zip(1...6, ["127.0.1.1", "127.0.1.2", "127.9.9.9", "127.0.1.1", "127.0.1.2", "127.9.9.9"]) {
      #expect(log.split(separator: "\n").contains { $0.contains("from \(address):") && $0.contains("as d-\(device) ") }, "\(device)")
    }
  }

  @Test func commandsReachTheDevice() throws {
    let broker = try TestBroker()
    var device = Driver.device("d-1", statusTopic: "status/d-1")
    device.commandTopic = "commands/d-1"
    try Client.publish(broker, "commands/d-1", "reboot", more: ["-r"])
    let driver = try Driver(broker, devices: [device])
    #expect(try driver.attempt() == .none)
    let message = driver.publish(0, "t", "x")
    try driver.run { $0.hasAnswer(to: message) }
    let births = try Client.subscribe(broker, "status/d-1", count: 2)
    for text in ["interval 30s", "{\"command\": \"rebirth\"}", "dance"] { try Client.publish(broker, "commands/d-1", text) }
    #expect(try driver.run { $0.count(.command) == 3 })
    let commands = driver.events.filter { $0.kind == .command }.map(\.command)
    #expect(commands == [.interval(30_000), .rebirth, nil], "the retained command was meant for somebody before")
    #expect(Client.lines(of: births) == ["status/d-1 online", "status/d-1 online"])
  }

  @Test func aTLSSessionIsResumed() throws {
    let broker = try TestBroker.secure("require_certificate true\nuse_identity_as_username true", devices: ["d-1"])
    let driver = try Driver(broker, devices: [Driver.device("d-1")]) {
      $0.tls = .init(
        authorityFile: "\(broker.folder)/tls/ca.crt", deviceCertificates: "\(broker.folder)/tls/devices", serverName: "localhost")
      $0.tls?.resumesSessions = true
    }
    var resumed: [Bool] = []
    for round in 0..<4 {
      #expect(try driver.attempt() == .none)
      resumed.append(driver.fleet.isResumed(0))
      if round == 2 { driver.fleet.loseSession(0) } else { driver.fleet.cut(0) }
    }
    #expect(resumed == [false, true, true, false])
  }
}
