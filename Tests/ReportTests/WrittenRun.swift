import Diagnosis
import FleetSpec
import Foundation
import Ledger
import Report
import Simulation
import World

@testable import Reconciliation

/// A run folder written by hand, without any network: what a report reads.
final class WrittenRun {
  static let start: Milliseconds = 1_782_000_000_000
  let folder: RunFolder
  let world: World
  private(set) var breakdown: VerdictBreakdown

  /// - Parameters:
  ///   - duration: of the fleet.
  ///   - losses: how many readings of the first site are lost.
  ///   - isRecorded: whether the ledger has figures over time; without them it is as an older heliograph wrote it.
  ///   - latency: milliseconds that every acknowledgement takes.
  init(
    seed: UInt64 = 7, duration: String = "10m", sites: Int = 3, losses: Int64 = 5, isRecorded: Bool = true, isJudged: Bool = true,
    latency: Milliseconds = 4
  ) throws {
    let path = NSTemporaryDirectory() + "hl-report-\(UUID().uuidString.prefix(13))"
    folder = RunFolder(path: path)
    try folder.create()
    try Self.fleet(seed, duration, sites).write(toFile: folder.fleetFile, atomically: true, encoding: .utf8)
    world = World(fleet: try FleetLoader.loadFleet(path: folder.fleetFile).fleet, start: Self.start)
    breakdown = VerdictTally(world: world).breakdown
    let readings = try judge(losses: losses, isJudged: isJudged)
    try writeLedger(readings: readings, isRecorded: isRecorded, latency: latency)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.path) }

  static func fleet(_ seed: UInt64, _ duration: String, _ sites: Int) -> String {
    """
    fleet: written
    seed: \(seed)
    start: 2026-06-21T00:00:00Z
    duration: \(duration)
    drain: 60s
    sites: [{id: "site-{n:3}", count: \(sites), latitude: [40, 41], longitude: [0, 1]}]
    devices: [{profile: probe, count: \(sites * 2), id: "d-{n}"}]
    profiles:
      probe:
        profile: probe
        description: a thermometer
        firmware: "1.0"
        interval: 60s
        sensors:
          - {name: temperature, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: 2, range: [-40, 85], noise: 0.2}
    pipeline:
      allowed_lateness: 2h
      settling: 1s
      store: {url: "postgresql://reader@127.0.0.1:1/none", table: sensor_readings}
    # An old file could still hold one: postgresql://reader:hunter2@127.0.0.1:1/none
    """
  }

  func report() throws -> RunReport {
    try RunReport(folder: folder, fleet: world.fleet, ledger: RunLedger(LedgerReader(path: folder.ledgerFile)))
  }

  /// Writes `verdicts.json` and `statistics.json`; returns how many readings there are.
  private func judge(losses: Int64, isJudged: Bool) throws -> Int64 {
    var tally = VerdictTally(world: world)
    var readings: Int64 = 0
    var lost: Int64 = 0
    for device in world.devices.indices {
      var stream = world.stream(device: device)
      while stream.nextSampleTime < Self.start + world.fleet.duration {
        stream.sample()
        for sensor in 0..<stream.readingCount {
          tally.add(stream.reading(sensor), of: device)
          readings += 1
          if world.devices[device].site == 0 && lost < losses {
            tally.add(.lost, stream.reading(sensor), of: device)
            lost += 1
          }
        }
      }
    }
    breakdown = tally.breakdown
    guard isJudged else { return readings }
    var verdicts: [String: Int64] = [:]
    for verdict in Verdict.allCases { verdicts[verdict.rawValue] = 0 }
    verdicts["lost"] = lost
    verdicts["stored"] = readings - lost
    let example = Finding.Example(
      deviceID: "d-1", seq: 0, sensorID: "d-1.temperature", timestamp: "2026-06-21T00:00:01.000Z", detail: "sent <b>once</b> & | \"lost\"")
    let finding = Finding(
      severity: .broken, subject: "lost", title: "\(lost) readings <script>alert(1)</script> lost", count: lost,
      evidence: ["column a|b: 1 of 2"], examples: [example])
    let result = ReconciliationResult(
      runID: "written", seed: world.fleet.seed, fleet: "written", startedAt: "2026-06-21T00:00:00.000Z",
      endedAt: "2026-06-21T00:10:00.000Z", runState: "finished", readings: readings, messagesPublished: readings, verdicts: verdicts,
      findings: lost > 0 ? [finding] : [],
      thresholds: [ThresholdResult(verdict: "lost", limit: 0, actual: lost, met: lost == 0)], passed: lost == 0,
      delivery: DeliverySummary(
        redelivered: 1, repeated: 2, heldBack: 3, connectionsLost: 4, powerCuts: 5, networkOutages: 6),
      work: WorkSummary())
    try ResultFiles.json(result, diagnosis: Self.diagnosis(lost)).write(to: URL(fileURLWithPath: folder.verdictsFile))
    try RunStatistics(breakdown: breakdown, arrivals: nil, arrivalsUnobservable: "the table tells no arrivals").json()
      .write(to: URL(fileURLWithPath: folder.statisticsFile))
    return readings
  }

  /// All but one of the losses are explained.
  private static func diagnosis(_ lost: Int64) -> Diagnosis {
    guard lost > 1 else { return .healthy }
    let finding = Diagnosis.Finding(
      cause: .lossBySite, statement: "loses all readings of site a|b <i>",
      evidence: [
        Diagnosis.Evidence("4 of 4 of them are missing; 1 of 56 others", harmed: lost - 1, foretold: lost - 1, otherHarmed: 1, others: 56)
      ], doubts: ["it could as well be device d-1"],
      examples: [
        Diagnosis.Example(deviceID: "d-1", sensorID: "d-1.temperature", seq: 3, timestamp: start + 180_000, verdict: "lost", detail: "")
      ], explained: lost - 1, verdicts: ["lost": lost - 1], share: Double(lost - 1) / Double(lost), contract: "delivery: at-least-once",
      subject: "site a|b <i>")
    return Diagnosis(
      findings: [finding],
      remainder: Diagnosis.Remainder(count: 1, verdicts: ["lost": 1], features: ["device d-2: 1 of 10, elsewhere 0 of 50"]), bad: lost)
  }

  private func writeLedger(readings: Int64, isRecorded: Bool, latency: Milliseconds) throws {
    let end = Self.start + world.fleet.duration
    let writer = try LedgerWriter(
      path: folder.ledgerFile, devices: world.devices.map { LedgerDevice(id: $0.id) },
      facts: [
        ("run_id", "written"), ("start", String(Self.start)), ("planned_end", String(end)), ("wall_start", String(Self.start)),
        ("version", "0"), ("seed", String(world.fleet.seed)),
      ])
    var batch = LedgerBatch()
    batch.durable = end + 1_000
    batch.facts = [
      ("state", "finished"), ("wall_end", String(end + 1_000)), ("measured_until", String(end)), ("published", String(readings)),
    ]
    batch.timeline = (0..<50).map { TimelineEntry(device: 0, at: Self.start + $0 * 1_000, event: UInt8($0 % 13 + 1), seq: -1) }
    batch.histograms = [("timer_lag_us", 1_023, 99), ("timer_lag_us", 4_095, 1)]
    if isRecorded { record(readings, latency, into: &batch) }
    writer.submit(batch)
    try writer.close()
  }

  private func record(_ readings: Int64, _ latency: Milliseconds, into batch: inout LedgerBatch) {
    let intervals = RunIntervals(start: Self.start, duration: world.fleet.duration, drain: world.fleet.drain)
    batch.facts.append(("interval", String(intervals.length)))
    let count = Int64(world.fleet.duration / intervals.length)
    for index in 0..<count {
      let at = Self.start + index * intervals.length
      // The first intervals take what does not divide.
      let own = readings / count + (index < readings % count ? 1 : 0)
      batch.throughput.append(
        ThroughputRow(
          at: at, planned: own, sent: own, acknowledged: own, sentToAcknowledged: latency + 30, measuredToAcknowledged: latency + 90))
      for kind in LatencyKind.allCases {
        for bucket in 1...20 where own > 0 {
          batch.latencies.append(LatencyRow(at: at, kind: kind, upperBound: latency + Int64(bucket), count: own))
        }
      }
      for name in ["connected", "published", "state_connected", "state_no_network", "state_waiting", "buffered", "resident_bytes"] {
        batch.metrics.append(MetricSample(at: at, name: name, value: 1_000_000 + index * 100))
      }
      for name in ["processor_us", "wall_ms", "timer_lag_p99_us", "timer_lag_max_us", "loop_busy_max_us"] {
        batch.metrics.append(MetricSample(at: at, name: name, value: 1_000 + index * 999))
      }
    }
  }
}
