import Foundation
import Lab
import Ledger
import Testing

/// A lab and the runs against it, through the command line.
final class LabRun: Sendable {
  let scratch: Scratch
  var folder: String { scratch.file("lab") }
  var run: String { scratch.file("run") }
  var lab: Lab { Lab(folder: folder) }

  init(defects: [String] = [], options: [String] = []) throws {
    scratch = try Scratch()
    let up = try Program.run(["lab", "up", "--folder", scratch.file("lab")] + options + defects.flatMap { ["--defect", $0] })
    guard up.status == 0 else { throw Waited(what: "a lab: \(up.errors)") }
  }

  deinit { try? Lab(folder: scratch.file("lab")).down() }

  /// A tenth of the quickstart fleet, in which everything happens often.
  static let fleet = [
    "fleets/quickstart.yaml", "--set", "devices[0].count=70", "--set", "devices[1].count=6", "--set", "devices[2].count=24",
    "--set", "faults={redelivery: 2 %, repeats: 2 %, repeat_after: 1s..4s, late: 3 %, late_by: 3s..9s, malformed: 1 %}", "--duration",
    "15s",
  ]

  var playArguments: [String] { ["run"] + Self.fleet + ["--lab", folder, "--out", run, "--quiet"] }

  func play(_ more: String...) throws -> Program.Ended { try Program.run(playArguments + more) }

  func startPlaying(_ more: String...) throws -> Process {
    try Program.start(playArguments + more, output: scratch.file("out"), errors: scratch.file("err"))
  }

  func reconcile(_ more: String...) throws -> Program.Ended { try Program.run(["reconcile", run, "--quiet"] + more) }

  /// The retained message of a device's status topic, as an independent client sees it.
  func retainedStatus(site: String, device: String) throws -> String {
    let port = try #require(try lab.status().part(.broker)?.port)
    let password = try String(contentsOfFile: folder + "/secrets/mqtt-password", encoding: .utf8).split(separator: "\n").first ?? ""
    let command =
      "mosquitto_sub -h localhost -p \(port) --cafile \(folder)/certificates/ca.crt -u fleet -P \(password) -t status/\(site)/\(device) -C 1 -W 20"
    let process = try Program.start(shell: command, output: scratch.file("status"), errors: scratch.file("status-errors"))
    process.waitUntilExit()
    return scratch.text("status").split(separator: "\n").first.map(String.init) ?? scratch.text("status-errors")
  }

  /// A metric of the ledger of a run that may still be going on; 0 while there is none.
  func metric(_ name: String) -> Int64 {
    guard FileManager.default.fileExists(atPath: run + "/ledger.sqlite") else { return 0 }
    return (try? LedgerReader(path: run + "/ledger.sqlite").lastMetric(name)) ?? 0
  }

  struct Verdicts: Decodable {
    var readings: Int64
    var verdicts: [String: Int64]
    var passed: Bool
    var runState: String
    var delivery: [String: Int64]

    enum CodingKeys: String, CodingKey {
      case readings, verdicts, passed, delivery
      case runState = "run_state"
    }
  }

  /// The examples of all findings: device, number and verdict.
  func examples() throws -> [(String, Int64, String)] {
    struct Document: Decodable {
      struct Finding: Decodable {
        struct Example: Decodable {
          var deviceID: String
          var seq: Int64
          enum CodingKeys: String, CodingKey {
            case seq
            case deviceID = "device_id"
          }
        }
        var subject: String
        var examples: [Example]
      }
      var findings: [Finding]
    }
    let document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(fileURLWithPath: run + "/verdicts.json")))
    return document.findings.flatMap { finding in
      finding.examples.filter { $0.seq >= 0 }.map { ($0.deviceID, $0.seq, finding.subject) }
    }
  }

  func verdicts() throws -> Verdicts {
    try JSONDecoder().decode(Verdicts.self, from: Data(contentsOf: URL(fileURLWithPath: run + "/verdicts.json")))
  }

  struct Line: Decodable {
    var verdict: String
    var deviceID: String?
    var seq: Int64?
    var sensorID: String
    var timestamp: Int64
    var defect: String?

    enum CodingKeys: String, CodingKey {
      case verdict, seq, timestamp, defect
      case deviceID = "device_id"
      case sensorID = "sensor_id"
    }
  }

  private static let permitted: Set<String> = ["dropped_late", "discarded", "withheld", "unconfirmed", "rejected"]

  /// `device:seq` of each reading, or `sensor@timestamp` of each phantom row, and its verdict.
  private func lines(_ path: String, byTimestamp: Bool) throws -> (verdicts: [String: String], defects: Set<String>) {
    var map: [String: String] = [:]
    var defects: Set<String> = []
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") {
      let entry = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
      guard !Self.permitted.contains(entry.verdict) else { continue }
      let key =
        byTimestamp || entry.verdict == "phantom" ? "\(entry.sensorID)@\(entry.timestamp)" : "\(entry.deviceID ?? ""):\(entry.seq ?? -1)"
      map[key] = entry.verdict
      if let defect = entry.defect { defects.insert(defect) }
    }
    return (map, defects)
  }

  /// What the pipeline says that it did, and what the verdicts say: message by message.
  /// - Parameter byTimestamp: names readings by sensor and timestamp, since the numbers of a clone are those of its original.
  /// - Returns: the defects that harmed something.
  func expectVerdictsEqualTruth(byTimestamp: Bool = false) throws -> Set<String> {
    let truth = try lines(folder + "/injected.ndjson", byTimestamp: byTimestamp)
    let judged = try lines(run + "/exceptions.ndjson", byTimestamp: byTimestamp).verdicts
    let wrong = Set(truth.verdicts.keys).union(judged.keys).filter { truth.verdicts[$0] != judged[$0] }.sorted()
    #expect(
      wrong.isEmpty,
      "\(wrong.count) differ: \(wrong.prefix(10).map { "\($0): did \(truth.verdicts[$0] ?? "nothing"), judged \(judged[$0] ?? "stored")" })"
    )
    let verdicts = try verdicts()
    #expect(verdicts.verdicts.filter { $0.key != "phantom" }.values.reduce(0, +) == verdicts.readings)
    return truth.defects
  }
}
