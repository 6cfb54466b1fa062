import FleetSpec
import Foundation
import Ledger
import Testing
import World

@testable import Simulation

/// Whole runs against a real broker: what the fleet file says reaches the wire, and what goes wrong reaches whoever runs it.
@Suite(.serialized) struct RunTests {
  private let folder = NSTemporaryDirectory() + "hl-mqtt-run-\(UUID().uuidString)"

  private func run(
    _ mqtt: String, devices: Int = 6, duration: String = "3s", profile: String = "", beside: (FleetRun) throws -> Void = { _ in }
  ) throws -> FleetRun {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let text = """
      fleet: over-mqtt
      seed: 5
      duration: \(duration)
      drain: 10s
      sites: [{id: here, latitude: 40, longitude: 0}]
      devices: [{profile: probe, count: \(devices), id: "d-{n}"}]
      faults: {redelivery: 0, repeats: 0, late: 0}
      profiles:
        probe:
          profile: probe
          interval: 200ms
          \(profile)
          sensors: [{name: temperature, measures: ambient_temperature, range: [-40, 80]}]
      transport: {mqtt: {\(mqtt)}}
      """
    try text.write(toFile: folder + "/fleet.yaml", atomically: true, encoding: .utf8)
    let fleet = try FleetLoader.loadFleet(path: folder + "/fleet.yaml").fleet
    let world = World(fleet: fleet, start: SimulatedClock.wallMilliseconds())
    let play = try FleetRun(
      world: world, transport: try #require(fleet.transport), folder: RunFolder(path: folder + "/run"), resolvedFleet: text, speed: .real,
      facts: [])
    try beside(play)
    try play.play()
    return play
  }

  private func ledger() throws -> LedgerReader { try LedgerReader(path: folder + "/run/ledger.sqlite") }
  private func log() throws -> String { try String(contentsOfFile: folder + "/run/log.ndjson", encoding: .utf8) }
  private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

  @Test func whatWillNeverChangeEndsTheRunAtOnce() throws {
    defer { cleanUp() }
    let broker = try TestBroker.secure(serverNames: ["broker.example"])
    let begin = ContinuousClock.now
    let error = #expect(throws: RunError.self) {
      try run("url: 'mqtts://127.0.0.1:\(broker.port)', authority: \(broker.folder)/tls/ca.crt", duration: "1h")
    }
    let text = error?.description ?? ""
    #expect(text.contains("no device can connect, and none ever will"), "\(text)")
    #expect(text.contains("IP address mismatch") && text.contains("first: d-"), "\(text)")
    #expect(try log().contains("\"event\":\"connection_failed\",\"device\":\"d-"))
    // Long before the 20 s within which a broker that is down may come up.
    #expect(ContinuousClock.now - begin < .seconds(15))
  }

  @Test func allDevicesOfABadPasswordEndTheRun() throws {
    defer { cleanUp() }
    let broker = try TestBroker("allow_anonymous false\npassword_file FOLDER/none") { folder in
      try "".write(toFile: "\(folder)/none", atomically: true, encoding: .utf8)
    }
    let error = #expect(throws: RunError.self) { try run("url: 'mqtt://127.0.0.1:\(broker.port)', user: '{device_id}'", duration: "1h") }
    #expect(error?.description.contains("the broker refused") == true, "\(String(describing: error))")
  }

  @Test func someBadCertificatesAreNamedAndCounted() throws {
    defer { cleanUp() }
    let broker = try TestBroker.secure(
      "require_certificate true\nuse_identity_as_username true\ncrlfile FOLDER/tls/crl.pem", devices: (1...6).map { "d-\($0)" },
      faults: .init(expired: ["d-2"], revoked: ["d-5"]))
    let tls = "\(broker.folder)/tls"
    let play = try run(
      "url: 'mqtts://localhost:\(broker.port)', authority: \(tls)/ca.crt, device_certificates: \(tls)/devices",
      profile: "connection: {backoff_maximum: 500ms}")
    #expect(play.problems.count == 2)
    for (device, cause) in [("d-2", "it has expired"), ("d-5", "it was revoked")] {
      #expect(
        play.problems.contains { $0.contains(cause) && $0.contains("1 device to the end") && $0.contains("first: \(device)") },
        "\(play.problems)")
      #expect(try log().contains("\"device\":\"\(device)\",\"reason\":\"the broker refused the device's certificate: \(cause)\""))
    }
    #expect(try ledger().fact("connection_problems")?.contains("it was revoked") == true)
    // The readings of the two stay on them; the others' are acknowledged.
    let outcomes = try ledger().outcomes().map(\.outcome).sorted()
    #expect(outcomes == [1, 4])
  }

  @Test func versionFiveAndCredentialsFromTheFleetFile() throws {
    defer { cleanUp() }
    let broker = try TestBroker("allow_anonymous false\npassword_file FOLDER/passwords\nacl_file FOLDER/acl") { folder in
      try Shell.run("touch \(folder)/passwords; for n in 1 2 3; do mosquitto_passwd -b \(folder)/passwords u-$n p,$n; done")
      try Shell.run("mosquitto_passwd -b \(folder)/passwords reader r")
      let list = "device,user,password\n# three\n" + (1...3).map { "d-\($0),u-\($0),p,\($0)\n" }.joined()
      try list.write(toFile: "\(folder)/credentials.csv", atomically: true, encoding: .utf8)
      try Shell.run("chmod 600 \(folder)/credentials.csv")
      try "user reader\ntopic read #\npattern write t/d-1\npattern write t/d-2\n".write(
        toFile: "\(folder)/acl", atomically: true, encoding: .utf8)
    }
    let reader = try Client.subscribe(broker, "t/#", format: "%t|%E|%P", count: 20, more: ["-V", "5", "-u", "reader", "-P", "r"])
    let play = try run(
      """
      url: 'mqtt://127.0.0.1:\(broker.port)', version: 5, credentials: \(broker.folder)/credentials.csv, topic: 't/{device_id}',
        message_expiry: 60s, user_properties: {site: '{site_id}', sensor: '{sensor_id}'}
      """, devices: 3)
    let lines = Client.lines(of: reader)
    #expect(lines.count == 20)
    for line in lines {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let device = parts[0].dropFirst(2)
      #expect(["d-1", "d-2"].contains(device) && (55...60).contains(Int(parts[1]) ?? 0), "\(line)")
      #expect(parts[2].contains("site:here") && parts[2].contains("sensor:\(device).temperature"), "\(line)")
    }
    // Nobody may write to t/d-3.
    let rejected = try ledger().deliveries(of: 2)
    #expect(!rejected.isEmpty && rejected.allSatisfy { $0.outcome == 2 && $0.attempts == 1 })
    #expect(play.problems.contains { $0.contains("not authorized") && $0.contains("first: d-3") }, "\(play.problems)")
    #expect(try ledger().eventCounts()[55] == rejected.reduce(0) { $0 + $1.lastSeq - $1.firstSeq + 1 })
  }

  @Test func commandsThinOutRestartAndAreAccountedFor() throws {
    defer { cleanUp() }
    let broker = try TestBroker()
    let play = try run(
      "url: 'mqtt://127.0.0.1:\(broker.port)', commands: {topic: 'commands/{device_id}'}", devices: 3, duration: "6s"
    ) { _ in
      let script = Process()
      script.executableURL = URL(fileURLWithPath: "/bin/sh")
      let say = "mosquitto_pub -p \(broker.port) -q 1 -t commands"
      // Devices subscribe within the first second; what comes too early would not be obeyed, and the test would fail.
      script.arguments = ["-c", "sleep 2; \(say)/d-1 -m 'interval 1s'; \(say)/d-2 -m '{\"command\":\"reboot\"}'; \(say)/d-3 -m dance"]
      try script.run()
    }
    let events = try ledger().eventCounts()
    #expect(events[50] == 1 && events[51] == 1 && events[53] == 1, "\(events)")
    let thinned = try ledger().deliveries(of: 0).filter { $0.outcome == 3 }.reduce(0) { $0 + $1.lastSeq - $1.firstSeq + 1 }
    // Four of five samples for most of the time left.
    #expect(thinned >= 6 && events[54] == thinned, "\(thinned)")
    for device in 0..<3 {
      let counted = try ledger().deliveries(of: device).reduce(0) { $0 + $1.lastSeq - $1.firstSeq + 1 }
      #expect(counted == play.firmware[device].measured, "every reading has one fate")
    }
    #expect(try ledger().eventCounts()[1] == 4, "the one that started again connected twice")
  }

  @Test func credentialsThatCannotBeUsedAreRefusedBeforeTheStart() throws {
    defer { cleanUp() }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/credentials.csv"
    let lines = ["d-1,u,secret-word", "d-2,u,secret-word"]
    for (text, mode, expected) in [
      (lines.joined(separator: "\n"), "644", "others may read it"), (lines.joined(separator: "\n"), "600", "no user for the device 'd-3'"),
      ("d-1,u", "600", ":1: expected device,user,password"),
      ((lines + lines).joined(separator: "\n"), "600", ":3: the device 'd-1' stands"),
    ] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      try Shell.run("chmod \(mode) \(path)")
      let error = #expect(throws: SecretError.self) { try run("url: mqtt://127.0.0.1:1, credentials: \(path)", devices: 3) }
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
      #expect(error?.description.contains("secret-word") == false)
    }
  }
}
