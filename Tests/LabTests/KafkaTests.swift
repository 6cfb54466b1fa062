import Foundation
import Testing

@testable import Lab

/// The lab over Kafka. `scripts/test` names the broker in HELIOGRAPH_NOIDA_DB; without it these tests are skipped, and say so.
@Suite(.serialized, .enabled(if: KafkaLab.isAvailable)) struct KafkaTests {
  @Test func readingsReachTheStoreOnce() throws {
    let lab = try KafkaLab()
    let readings = TestReading.fleet(devices: 20, samples: 25)
    try lab.publish(readings + readings.prefix(100))
    lab.fixture.waitUntilDrained(received: readings.count + 100)
    #expect(judge(readings, try lab.fixture.rows()).isEmpty)
    #expect(PipelineStatus.load(folder: lab.fixture.folder)?.duplicatesRemoved == 100)
  }

  /// Killed between the store's write and the commit, or anywhere else: what was not committed is read again, and is in the store once.
  @Test func aKilledPipelineLosesNothingAndStoresNothingTwice() throws {
    let lab = try KafkaLab()
    let readings = TestReading.fleet(devices: 40, samples: 100)
    try lab.publish(Array(readings[..<4_000]))
    _ = poll(seconds: 20) { (PipelineStatus.load(folder: lab.fixture.folder)?.received ?? 0) > 0 }
    try lab.fixture.lab.kill(.pipeline, signal: SIGKILL)
    try lab.publish(Array(readings[4_000...]))
    try lab.fixture.lab.start(.pipeline)
    let done = poll(seconds: 60) { ((try? lab.fixture.rows().count) ?? 0) >= readings.count }
    #expect(done)
    #expect(judge(readings, try lab.fixture.rows()).isEmpty)
  }

  @Test func anOrderlyEndCommitsWhatIsStored() throws {
    let lab = try KafkaLab()
    let readings = TestReading.fleet(devices: 20, samples: 25)
    try lab.publish(readings)
    lab.fixture.waitUntilDrained(received: readings.count)
    try lab.fixture.lab.stop(.pipeline)
    try lab.fixture.lab.start(.pipeline)
    let more = TestReading.fleet(devices: 20, samples: 5, prefix: "more")
    try lab.publish(more)
    lab.fixture.waitUntilDrained(received: more.count)
    #expect(PipelineStatus.load(folder: lab.fixture.folder)?.received == UInt64(more.count), "nothing was read again")
    #expect(judge(readings + more, try lab.fixture.rows()).isEmpty)
  }

  @Test func defectsHarmAsTheyDoOverMQTT() throws {
    let lab = try KafkaLab(["drop:rate=5%", "crash-replay:every=300,rows=50"])
    let readings = TestReading.fleet(devices: 20, samples: 25)
    try lab.publish(readings)
    lab.fixture.waitUntilDrained(received: readings.count)
    let injected = try lab.fixture.injected()
    #expect(Set(injected.values) == ["lost", "duplicated"])
    #expect(judge(readings, try lab.fixture.rows()) == injected)
  }
}

/// A lab whose broker speaks Kafka.
struct KafkaLab {
  static let isAvailable: Bool = {
    if ProcessInfo.processInfo.environment["HELIOGRAPH_NOIDA_DB"] != nil { return true }
    print("SKIPPED: the lab over Kafka; scripts/test runs it, or set HELIOGRAPH_NOIDA_DB to what scripts/noida-db prints")
    return false
  }()

  let fixture: LabFixture

  init(_ defects: [String] = []) throws { fixture = try LabFixture(defects, kafka: true) }

  /// Publishes messages with kcat, and returns when the broker has confirmed them.
  func publish(_ readings: [TestReading]) throws {
    let file = "\(fixture.folder)/messages.\(UUID().uuidString)"
    try Data(readings.map { "\($0.sensorID)\t\($0.json)\n" }.joined().utf8).write(to: URL(fileURLWithPath: file))
    defer { unlink(file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/kcat")
    process.arguments = ["-P", "-b", "127.0.0.1:\(try fixture.state.broker.port)", "-t", "telemetry", "-K", "\t", "-X", "acks=all"]
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw LabError("kcat ended with \(process.terminationStatus)") }
  }
}
