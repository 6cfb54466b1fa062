import Foundation
import Testing

@testable import Lab

extension Tag {
  @Tag static var realParts: Self
}

@Suite(.serialized, .tags(.realParts)) struct LifecycleTests {
  @Test func upServesAndDownLeavesNothingBehind() throws {
    let folder = NSTemporaryDirectory() + "hl-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lab = Lab(folder: folder)
    #expect(try lab.up(LabFixture.options()) == .started)
    #expect(try lab.up(LabFixture.options()) == .alreadyUp)
    let status = try lab.status()
    #expect(status.isUp)
    #expect(try LabState.load(lab.folder)?.store.socketFolder == lab.folder.socket)
    let pids = status.parts.compactMap(\.pid)
    #expect(pids.count == 3)
    for path in [
      "lab.json", "secrets/mqtt-password", "secrets/store-password", "certificates/ca.key", "certificates/server.key", "broker/passwords",
    ] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
    #expect(
      try String(contentsOfFile: lab.connectionFile, encoding: .utf8).contains("mqtts://localhost:\(status.part(.broker)?.port ?? 0)"))
    try lab.down()
    #expect(try lab.status().isDown)
    for part in status.parts { #expect(part.port.map { FreePort.isFree($0) } ?? true) }
    let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard let command = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8) else { return false }
      return command.contains(folder)
    }
    #expect(children.isEmpty)
    #expect(Files.text("/tmp/.s.PGSQL.\(status.part(.store)?.port ?? 0).lock") == nil)
    try lab.down()
  }

  @Test func aLongPathPutsOnlyTheSocketElsewhere() throws {
    let fixture = try LabFixture(name: UUID().uuidString + String(repeating: "x", count: 80))
    let socket = try #require(try fixture.state.store.socketFolder)
    #expect(socket.hasPrefix("/tmp/heliograph-"))
    let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    try fixture.lab.down()
    #expect(!FileManager.default.fileExists(atPath: socket))
  }

  @Test func aReusedProcessIDIsLeftAlone() throws {
    let folder = NSTemporaryDirectory() + "hl-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lab = Lab(folder: folder)
    try lab.folder.make()
    // This very process's id, with a start time of another one.
    try ProcessIdentity(pid: getpid(), startTime: 1, command: []).save(lab.folder.pidFile(.broker))
    try lab.down()
    #expect(!FileManager.default.fileExists(atPath: lab.folder.pidFile(.broker)))
  }

  @Test func portsThatAreTakenMeanwhileAreReplaced() throws {
    let first = try LabFixture()
    let taken = try first.state
    let second = LabFolder(NSTemporaryDirectory() + "hl-\(UUID().uuidString)")
    let lab = Lab(folder: second.path)
    defer {
      try? lab.down()
      try? FileManager.default.removeItem(atPath: second.path)
    }
    // As if the ports had been free a moment ago.
    try lab.up(LabFixture.options())
    try lab.down()
    var state = try #require(try LabState.load(second))
    state.broker.port = taken.broker.port
    state.store.port = taken.store.port
    try state.save(second)
    let refused = #expect(throws: LabError.self) { try lab.start(.store) }
    #expect(refused?.isPortTaken == true)
    try lab.down()
    try lab.up(LabFixture.options())
    let found = try #require(try LabState.load(second))
    #expect(found.broker.port != taken.broker.port && found.store.port != taken.store.port)
    #expect(try first.lab.status().isUp)
  }

  @Test func aFailureTakesDownWhatHadStarted() throws {
    let folder = NSTemporaryDirectory() + "hl-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lab = Lab(folder: folder)
    var options = LabFixture.options()
    options.pipelineCommand = ["/bin/sh", "-c", "echo the pipeline is unwell; exit 3"]
    let error = #expect(throws: LabError.self) { try lab.up(options) }
    #expect(error?.description.contains("the pipeline is unwell") == true)
    #expect(try lab.status().isDown)
  }

  @Test func repeatsAreRemovedAndMalformedMessagesRejected() throws {
    let fixture = try LabFixture()
    let readings = TestReading.fleet(devices: 5, samples: 30)
    let sound = readings[0].json
    let malformed = [
      String(sound.prefix(sound.count * 6 / 10)),
      sound.replacing("\"timestamp\":\(readings[0].timestamp),", with: ""),
      sound.replacing("\"value\":\(readings[0].value)", with: "\"value\":\"\(readings[0].value)\""),
      sound.replacing("\"value\":\(readings[0].value)", with: "\"value\":NaN"),
    ]
    try fixture.publish(readings.map(\.json) + malformed + readings.map(\.json))
    fixture.waitUntilDrained(received: readings.count * 2 + 4)
    #expect(judge(readings, try fixture.rows()).isEmpty)
    #expect(try fixture.rows().count == readings.count)
    let status = try #require(PipelineStatus.load(folder: fixture.folder))
    #expect(status.rejected == 4 && status.duplicatesRemoved == UInt64(readings.count) && status.harmed == 0)
    let rejected = try String(contentsOfFile: fixture.lab.rejectedFile, encoding: .utf8).split(separator: "\n")
    #expect(rejected.count == 4)
    #expect(rejected[1].contains("field 'timestamp' is missing"))
    let row = try fixture.connect().execute(
      "SELECT site_id, asset_id, sensor_type, unit, quality_flag, metadata, ingested_at >= timestamp FROM sensor_readings "
        + "WHERE sensor_id = 'inv-0.ac_power' ORDER BY timestamp LIMIT 1")
    #expect(row == [["site-01", "inv-0", "POWER", "°C", "GOOD", "{\"boot\":1,\"seq\":0,\"firmware\":\"4.2.1\"}", "t"]])
    #expect(try fixture.injected().isEmpty)
  }

  @Test func aBrokerThatDemandsCertificatesRefusesThoseWithout() throws {
    let fixture = try LabFixture(clientCertificates: true)
    let readings = TestReading.fleet(devices: 1, samples: 5)
    let stranger = try fixture.startPublishing(readings.map(\.json))
    // mosquitto_pub would try for ever, and it does not heed SIGTERM meanwhile.
    defer { kill(stranger.processIdentifier, SIGKILL) }
    #expect(poll(seconds: 20) { Files.text(fixture.lab.folder.log(.broker))?.contains("did not return a certificate") ?? false })
    let devices = "\(fixture.folder)/certificates/devices"
    try fixture.publish(readings.map(\.json), extra: ["--cert", "\(devices)/inv-0.crt", "--key", "\(devices)/inv-0.key"])
    fixture.waitUntilDrained(received: readings.count)
    #expect(judge(readings, try fixture.rows()).isEmpty)
  }

  @Test func aKilledBrokerComesBackOnItsPort() throws {
    let fixture = try LabFixture()
    let port = try fixture.state.broker.port
    let first = TestReading.fleet(devices: 2, samples: 20, prefix: "a")
    try fixture.publish(first)
    fixture.waitUntilDrained(received: first.count)
    try fixture.lab.kill(.broker, signal: SIGKILL)
    #expect(try fixture.lab.status().part(.broker)?.state == .ended)
    try fixture.lab.start(.broker)
    #expect(try fixture.lab.status().part(.broker)?.port == port)
    let second = TestReading.fleet(devices: 2, samples: 20, prefix: "b")
    try fixture.publish(second)
    fixture.waitUntilDrained(received: first.count + second.count)
    #expect(judge(first + second, try fixture.rows()).isEmpty)
  }

  @Test func aKilledBrokerRemembersThePipelineThatIsAway() throws {
    let fixture = try LabFixture()
    try fixture.lab.stop(.pipeline)
    try fixture.lab.kill(.broker, signal: SIGKILL)
    try fixture.lab.start(.broker)
    let readings = TestReading.fleet(devices: 2, samples: 20)
    try fixture.publish(readings)
    try fixture.lab.start(.pipeline)
    fixture.waitUntilDrained(received: readings.count)
    #expect(judge(readings, try fixture.rows()).isEmpty)
  }

  @Test func aStoreThatIsAwayLosesNothing() throws {
    let fixture = try LabFixture()
    let readings = TestReading.fleet(devices: 10, samples: 200)
    try fixture.publish(Array(readings[..<1000]))
    fixture.waitUntilDrained(received: 1000)
    try fixture.lab.stop(.store)
    try fixture.publish(Array(readings[1000..<2000]))
    #expect(poll(seconds: 20) { PipelineStatus.load(folder: fixture.folder).map { $0.received == 2000 && $0.waiting == 1000 } ?? false })
    try fixture.lab.start(.store)
    fixture.waitUntilDrained(received: 2000)
    // Killed while rows come in: whatever the outcome of the commit under way, each row is there once.
    let publisher = try fixture.startPublishing(readings[2000...].map(\.json))
    _ = poll(seconds: 10) { (PipelineStatus.load(folder: fixture.folder)?.received ?? 0) > 2100 }
    try fixture.lab.kill(.store, signal: SIGKILL)
    try fixture.lab.start(.store)
    publisher.waitUntilExit()
    fixture.waitUntilDrained(received: readings.count)
    #expect(judge(readings, try fixture.rows()).isEmpty)
    #expect(try fixture.rows().count == readings.count)
  }

  @Test func aPipelineThatIsAwayLosesNothing() throws {
    let fixture = try LabFixture()
    let readings = TestReading.fleet(devices: 5, samples: 60)
    try fixture.publish(Array(readings[..<200]))
    fixture.waitUntilDrained(received: 200)
    try fixture.lab.stop(.pipeline)
    #expect(PipelineStatus.load(folder: fixture.folder)?.running == false)
    // The second half, and repeats of what the earlier process stored.
    try fixture.publish(readings)
    try fixture.lab.start(.pipeline)
    fixture.waitUntilDrained(received: readings.count)
    #expect(try fixture.rows().count == readings.count)
    #expect(judge(readings, try fixture.rows()).isEmpty)
  }

  @Test func rowsThatWaitForAStoreOutliveThePipeline() throws {
    let fixture = try LabFixture()
    let readings = TestReading.fleet(devices: 5, samples: 60)
    try fixture.lab.stop(.store)
    try fixture.publish(readings)
    #expect(poll(seconds: 20) { PipelineStatus.load(folder: fixture.folder)?.received == UInt64(readings.count) })
    try fixture.lab.stop(.pipeline)
    try fixture.lab.start(.store)
    try fixture.lab.start(.pipeline)
    try fixture.publish(readings)
    fixture.waitUntilDrained(received: readings.count)
    #expect(try fixture.rows().count == readings.count)
    #expect(judge(readings, try fixture.rows()).isEmpty)
  }
}
