import Diagnosis
import FleetSpec
import Foundation
import Reconciliation
import World

/// Judged readings written down by hand: what became of each of them is said, not computed.
final class Story {
  let world: World
  private var told: [JudgedReading] = []
  private var phantoms: [PhantomRow] = []
  var events: [RunEvent] = []
  var arrivals: [ObservedArrival] = []
  var lateRepeats: Int64 = 0
  private var next: [Int: Int64] = [:]

  static let start = Bench.start

  /// Four probes with temperature (0), humidity (1) and rain (2), and four meters with power (0), energy (1) and voltage (2).
  init(pipeline: String = "") throws {
    let path = NSTemporaryDirectory() + "heliograph-story-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Bench.text(1, 8, "600s", pipeline).write(toFile: path, atomically: true, encoding: .utf8)
    world = World(fleet: try FleetLoader.loadFleet(path: path).fleet, start: Self.start)
  }

  /// - Parameters:
  ///   - at: seconds after the start.
  ///   - late: milliseconds from the timestamp to the first transmission.
  ///   - span: milliseconds from the first transmission to the last.
  ///   - found: what the store has in place of the value; nil for the value itself.
  ///   - storedAt: microseconds at which the row stands; nil for the right ones.
  func tell(
    _ device: Int, sensor: Int32 = 0, at: Double, value: Double = 20, _ verdict: Verdict = .stored, late: Milliseconds = 30,
    attempts: Int32 = 1, span: Milliseconds = 0, found: FoundValue? = nil, storedAt: Int64? = nil, kind: Malformation = .none,
    quality: Quality = .good, rows: Int? = nil
  ) {
    let seq = next[device, default: 0]
    next[device] = seq + 1
    let timestamp = Self.start + Int64((at * 1_000).rounded())
    let reading = Reading(
      boot: 1, sensor: sensor, seq: seq, timestamp: timestamp, trueTime: timestamp, value: 0, quality: quality, malformation: kind)
    var fate = Fate(outcome: .acknowledged, attempts: attempts, delayMaximum: late, sentSpan: span)
    fate.transmission = .init(earliest: timestamp + late, latest: timestamp + late, last: timestamp + late + span, isExact: true)
    var stored: FoundRows?
    if found != nil || storedAt != nil || rows != nil {
      let changed: Double? = if let found { found.value } else { value }
      stored = FoundRows(
        count: rows ?? 1, timestampMicroseconds: storedAt ?? timestamp * 1_000, value: changed, column: found == nil ? nil : "value")
    }
    told.append(JudgedReading(device: device, reading: reading, value: value, fate: fate, verdict: verdict, rows: stored))
  }

  enum FoundValue {
    case null
    case number(Double)
    var value: Double? { if case .number(let number) = self { number } else { nil } }
  }

  func tellPhantom(at: Double) {
    phantoms.append(
      PhantomRow(
        deviceID: "probe-1", sensorID: "probe-1.temperature", timestampMicroseconds: Self.start * 1_000 + Int64(at * 1_000_000), value: 1))
  }

  func diagnose() -> Diagnosis {
    var counts = VerdictCounts()
    for one in told { counts[one.verdict] += 1 }
    counts[.phantom] = Int64(phantoms.count)
    var run = ObservedRun(
      world: world, counts: counts, arrivals: Self.start...(Self.start + 700_000), events: events, observedArrivals: arrivals,
      devicesShown: 8, devices: 8)
    run.lateRepeats = lateRepeats
    let diagnostician = Diagnostician()
    if diagnostician.begin(run) {
      for phantom in phantoms { diagnostician.observe(phantom) }
      for one in told.sorted(by: { ($0.device, $0.reading.seq) < ($1.device, $1.reading.seq) }) { diagnostician.observe(one) }
    }
    return diagnostician.diagnose()
  }

  /// The finding when it is the only one.
  func finding() throws -> Diagnosis.Finding {
    let diagnosis = diagnose()
    guard diagnosis.findings.count == 1 else { throw Surprise(text: SeededDiagnosisTests.describe(diagnosis)) }
    return diagnosis.findings[0]
  }

  struct Surprise: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }
}
