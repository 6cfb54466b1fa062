import Foundation
import Testing

@testable import Transport

/// What only MQTT 5 has, read by mosquitto_sub.
@Suite(.serialized) struct VersionFiveTests {
  @Test func propertiesArriveWithEachMessage() throws {
    let broker = try TestBroker()
    let reader = try Client.subscribe(broker, "t/#", format: "%t|%p|%E|%P", count: 3, more: ["-V", "5", "-q", "1"])
    let driver = try Driver(broker, devices: [Driver.device("d-1")]) {
      $0.version = .five
      $0.messageExpiry = 90
    }
    #expect(try driver.attempt() == .none)
    let user = MQTTUserProperties([("site", "site-01"), ("firmware", "2.1")], messageExpiry: 90)
    let messages = [
      driver.publish(0, "t/plain", "a"), driver.publish(0, "t/user", "b", user: user), driver.publish(0, "t/zero", "c", qos: 0),
    ]
    try driver.run { driver in messages.prefix(2).allSatisfy { driver.hasAnswer(to: $0) } }
    let lines = Client.lines(of: reader).map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
    try #require(lines.count == 3)
    #expect(lines.allSatisfy { (85...90).contains(Int($0[2]) ?? 0) }, "\(lines)")
    #expect(lines[1][3].contains("site:site-01") && lines[1][3].contains("firmware:2.1"), "\(lines)")
    #expect(lines[0][3].isEmpty)
  }

  @Test func aBrokerThatTakesNoMessageIsNotTakenForOneThatDid() throws {
    let broker = try TestBroker("allow_anonymous true\nacl_file FOLDER/acl") { folder in
      try "topic readwrite free/#\n".write(toFile: "\(folder)/acl", atomically: true, encoding: .utf8)
    }
    for qos in [Int32(1), 2] {
      let driver = try Driver(broker, devices: [Driver.device("d-1", clean: false)]) {
        $0.version = .five
        $0.sessionExpiry = 60
      }
      #expect(try driver.attempt() == .none)
      let denied = driver.publish(0, "closed/a", "x", qos: qos)
      let unheard = driver.publish(0, "free/a", "x", qos: qos)
      try driver.run { $0.hasAnswer(to: denied) && $0.hasAnswer(to: unheard) }
      let rejected = driver.events.filter { $0.kind == .rejected }
      #expect(rejected.map(\.message) == [denied])
      #expect(rejected.first?.failure == .rejected(0x87), "\(rejected)")
      #expect("\(LinkFailure.rejected(0x87))".contains("not authorized"))
      #expect(driver.events.contains { $0.kind == .acknowledged && $0.message == unheard })
      if qos == 1 { #expect(driver.fleet.unheard == 1, "nobody had subscribed to free/a") }
    }
  }

  @Test func aliasesNameTheRightTopics() throws {
    let broker = try TestBroker()
    let reader = try Client.subscribe(broker, "t/#", format: "%t=%p", count: 40, more: ["-V", "5"])
    let driver = try Driver(broker, devices: [Driver.device("d-1")]) {
      $0.version = .five
      $0.usesTopicAliases = true
    }
    #expect(try driver.attempt() == .none)
    var expected: [String] = []
    // Mosquitto allows ten aliases: the others go with their names.
    for round in 0..<2 {
      for sensor in 1...20 {
        #expect(driver.publish(0, "t/\(sensor)", "\(round)", qos: 0, alias: sensor) > 0)
        expected.append("t/\(sensor)=\(round)")
      }
    }
    try driver.run { $0.count(.acknowledged) >= 40 }
    #expect(Client.lines(of: reader) == expected)
  }

  @Test func theWillWaits() throws {
    let broker = try TestBroker()
    var devices = [Driver.device("d-1", clean: false), Driver.device("d-2", clean: false)]
    for index in devices.indices {
      devices[index].status = MQTTStatus(
        topic: "status/\(devices[index].id)", birth: .init(payload: "here \(devices[index].id)", qos: 1, isRetained: true),
        will: .init(payload: "gone \(devices[index].id)", qos: 2, isRetained: true), willDelay: index == 0 ? 0 : 3_600)
    }
    let driver = try Driver(broker, devices: devices) {
      $0.version = .five
      $0.sessionExpiry = 7_200
    }
    let reader = try Client.subscribe(broker, "status/#", format: "%p", count: 3, more: ["-V", "5", "-q", "2"])
    #expect(try driver.attempt(0) == .none && driver.attempt(1) == .none)
    try driver.run { $0.count(.acknowledged) >= 2 }
    driver.fleet.cut(1)
    driver.fleet.cut(0)
    #expect(Client.lines(of: reader).sorted() == ["gone d-1", "here d-1", "here d-2"])
  }

  @Test func theSessionOutlivesTheConnection() throws {
    let broker = try TestBroker()
    var device = Driver.device("d-1", clean: false)
    device.commandTopic = "commands/d-1"
    let driver = try Driver(broker, devices: [device]) {
      $0.version = .five
      $0.sessionExpiry = 3_600
    }
    #expect(try driver.attempt() == .none)
    // The answer to a message comes after that to the subscription.
    let message = driver.publish(0, "t", "x")
    try driver.run { $0.hasAnswer(to: message) }
    driver.fleet.cut(0)
    try Client.publish(broker, "commands/d-1", "rebirth")
    #expect(try driver.attempt() == .none)
    #expect(try driver.run { $0.events.contains { $0.command == .rebirth } })
  }

  @Test func refusalsHaveReasons() throws {
    let broker = try TestBroker("allow_anonymous false\npassword_file FOLDER/none") { folder in
      try "".write(toFile: "\(folder)/none", atomically: true, encoding: .utf8)
    }
    let failure = try Driver(broker, devices: [Driver.device("d-1")]) { $0.version = .five }.attempt()
    #expect(failure == .refused(0x87) && failure.refusal == .device, "\(failure)")
  }

  @Test func aBrokerThatEndsTheConnectionSaysWhy() throws {
    let broker = try TestBroker()
    let driver = try Driver(broker, devices: [Driver.device("d-1")]) {
      $0.version = .five
      $0.usesTopicAliases = true
    }
    #expect(try driver.attempt() == .none)
    // More than the ten that it allows.
    driver.fleet.clients[0].aliasLimit = 64
    #expect(driver.publish(0, "t", "x", qos: 0, alias: 40) > 0)
    #expect(try driver.run { $0.count(.lost) == 1 })
    #expect(driver.events.last?.failure == .ended(0x94), "\(driver.events)")
  }

  @Test func aMessageThatIsTooLargeForTheBrokerDoesNotHoldUpTheRest() throws {
    let broker = try TestBroker("allow_anonymous true\nmax_packet_size 200")
    let driver = try Driver(broker, devices: [Driver.device("d-1")]) { $0.version = .five }
    #expect(try driver.attempt() == .none)
    let large = driver.publish(0, "t", String(repeating: "x", count: 300))
    let small = driver.publish(0, "t", "x")
    #expect(large > 65_535)
    #expect(try driver.run { $0.hasAnswer(to: large) && $0.hasAnswer(to: small) })
    #expect(driver.events.filter { $0.kind == .rejected }.map(\.failure) == [.rejected(0x95)])
    #expect(driver.events.contains { $0.kind == .acknowledged && $0.message == small })
  }
}
