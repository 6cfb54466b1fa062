import Foundation
import Testing

@testable import Lab

/// One reading as a device would send it.
struct TestReading: Hashable {
  var device: String
  var sensor: String
  var seq: Int
  var timestamp: Int64
  var value: Double

  var sensorID: String { "\(device).\(sensor)" }
  var key: String { "\(sensorID)@\(timestamp)" }
  var json: String {
    "{\"event_id\":\"\(device):1:\(seq)\",\"timestamp\":\(timestamp),\"site_id\":\"site-01\",\"asset_id\":\"\(device)\","
      + "\"sensor_type\":\"POWER\",\"sensor_id\":\"\(sensorID)\",\"value\":\(value),\"unit\":\"°C\",\"quality_flag\":\"GOOD\","
      + "\"metadata\":{\"boot\":1,\"seq\":\(seq),\"firmware\":\"4.2.1\"},\"source\":\"heliograph\",\"schema_version\":1}"
  }

  /// Samples a second apart, ending now; every value is its sensor's own.
  static func fleet(devices: Int, samples: Int, prefix: String = "inv", base: Int64 = microsecondsNow() / 1000) -> [TestReading] {
    var readings: [TestReading] = []
    for sample in 0..<samples {
      for device in 0..<devices {
        for (index, sensor) in ["ac_power", "dc_power"].enumerated() {
          let value = 100 + Double(sample) * 7.25 + Double(device * 2 + index) * 0.001 + 0.5
          let timestamp = base - Int64(samples - sample) * 1000 + Int64(device)
          readings.append(
            TestReading(
              device: "\(prefix)-\(device)", sensor: sensor, seq: sample * 2 + index, timestamp: timestamp, value: value))
        }
      }
    }
    return readings
  }
}

struct StoredRow {
  var sensorID: String
  var timestamp: Int64
  var value: Double?
}

/// A lab in a folder of its own, taken down and removed at the end.
final class LabFixture {
  let folder: String
  let lab: Lab

  init(
    _ defects: [String] = [], clientCertificates: Bool = false, kafka: Bool = false, store: OutsideStore? = nil,
    name: String = UUID().uuidString, http: Bool = false
  ) throws {
    folder = NSTemporaryDirectory() + "hl-\(name)"
    lab = Lab(folder: folder)
    var options = Self.options(defects, clientCertificates: clientCertificates)
    options.outsideStore = store
    options.http = http
    options.kafka = kafka
    try lab.up(options)
  }

  deinit {
    try? lab.down()
    try? FileManager.default.removeItem(atPath: folder)
  }

  static func options(_ defects: [String] = [], clientCertificates: Bool = false) -> LabOptions {
    LabOptions(
      defects: defects, clientCertificates: clientCertificates, deviceIDs: clientCertificates ? ["inv-0"] : [], pipelineCommand: command)
  }

  /// The executable lies beside the test bundle: the harness here, `heliograph` in the whole package.
  static var command: [String] {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    let harness = "\(folder)/lab-harness"
    return access(harness, X_OK) == 0 ? [harness, "pipeline"] : ["\(folder)/heliograph", "lab", "pipeline"]
  }

  var state: LabState {
    get throws { try #require(try LabState.load(LabFolder(folder))) }
  }

  /// Publishes messages, one a line, with mosquitto_pub at QoS 1, and returns when the broker has confirmed them.
  func publish(_ messages: [String], extra: [String] = []) throws {
    let process = try startPublishing(messages, extra: extra)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw LabError("mosquitto_pub ended with \(process.terminationStatus)") }
  }

  func startPublishing(_ messages: [String], extra: [String] = []) throws -> Process {
    let file = "\(folder)/messages.\(UUID().uuidString)"
    try Data((messages.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    defer { unlink(file) }
    let password = try String(contentsOfFile: "\(folder)/secrets/mqtt-password", encoding: .utf8).trimmingCharacters(in: .newlines)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_pub")
    process.arguments =
      ["-h", "localhost", "-p", String(try state.broker.port), "--cafile", "\(folder)/certificates/ca.crt", "-u", "fleet", "-P", password]
      + extra + ["-q", "1", "-t", "telemetry/site-01/test/POWER", "-l"]
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  func publish(_ readings: [TestReading]) throws { try publish(readings.map(\.json)) }

  /// Waits until the pipeline of this process received so many messages and stored all its rows.
  func waitUntilDrained(received: Int) {
    let done = poll(seconds: 60) {
      guard let status = PipelineStatus.load(folder: folder) else { return false }
      return status.received >= UInt64(received) && status.waiting == 0 && status.storeConnected
    }
    #expect(done, "\(String(describing: PipelineStatus.load(folder: folder)))")
  }

  func connect() throws -> PostgresConnection {
    try PostgresConnection(try state.store, password: try Secrets.password(at: "\(folder)/secrets/store-password"))
  }

  func rows() throws -> [StoredRow] {
    try connect().execute(
      "SELECT sensor_id, (extract(epoch from timestamp) * 1000)::numeric(20,3), value FROM sensor_readings"
    ).map { row in
      StoredRow(sensorID: row[0] ?? "", timestamp: Int64((Double(row[1] ?? "") ?? 0).rounded(.down)), value: row[2].flatMap { Double($0) })
    }
  }

  /// injected.ndjson: verdict by `sensor@timestamp`; complains about two lines for one reading.
  func injected() throws -> [String: String] {
    var verdicts: [String: String] = [:]
    let text = (try? String(contentsOfFile: lab.injectedFile, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let sensor = try #require(object["sensor_id"] as? String)
      let timestamp = try #require(object["timestamp"] as? NSNumber).int64Value
      let verdict = try #require(object["verdict"] as? String)
      let earlier = verdicts.updateValue(verdict, forKey: "\(sensor)@\(timestamp)")
      #expect(earlier == nil, "two lines for \(sensor)@\(timestamp)")
    }
    return verdicts
  }
}

/// What became of readings, judged from the table alone. Every value is unique among its sensor's.
func judge(_ readings: [TestReading], _ rows: [StoredRow]) -> [String: String] {
  var verdicts: [String: String] = [:]
  let known = Set(readings.map(\.key))
  let byKey = Dictionary(grouping: rows) { "\($0.sensorID)@\($0.timestamp)" }
  var strays = rows.filter { !known.contains("\($0.sensorID)@\($0.timestamp)") }
  for reading in readings {
    let found = byKey[reading.key] ?? []
    if found.isEmpty {
      if let index = strays.firstIndex(where: { $0.sensorID == reading.sensorID && $0.value == reading.value }) {
        strays.remove(at: index)
        verdicts[reading.key] = "misplaced"
      } else {
        verdicts[reading.key] = "lost"
      }
    } else if found.contains(where: { $0.value != reading.value }) {
      verdicts[reading.key] = "corrupted"
    } else if found.count > 1 {
      verdicts[reading.key] = "duplicated"
    }
  }
  for stray in strays { verdicts["\(stray.sensorID)@\(stray.timestamp)"] = "phantom" }
  return verdicts
}
