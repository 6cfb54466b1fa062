import Foundation
import Testing

/// The pipeline of realism.md, with all of its defects at once, on real parts: each is named.
@Suite(.serialized) struct DiagnosisTests {
  /// Dedup by similar values that divides by zero at night, a cut-off at 24 h, timestamps in 1970, the time of arrival in the wrong unit, a
  /// null that crashes the operator so that its batch is replayed. The table has neither event id nor sequence by itself.
  static let defects = [
    "late-cutoff:after=24h", "similar-value-dedup:within=1%,window=60s,zero=divides", "wrong-time-unit:rate=2%,as=us", "ingest-unit:as=ms",
    "null-crash:rows=60",
  ]

  static let causes: Set<String> = [
    "lateness_cut_off", "similar_value_deduplication", "time_unit", "arrival_time_unit", "missing_id",
  ]

  /// - Parameter prefix: of the devices' ids, so that several runs may share a table.
  private func fleet(in scratch: Scratch, prefix: String) throws -> String {
    let path = scratch.file("fleet.yaml")
    try """
    fleet: night
    seed: 4
    start: now
    sun_time: "23:30"
    duration: 30s
    drain: 15s
    sites: [{id: "site-{n}", count: 4, latitude: 45, longitude: 7}]
    devices:
      - {profile: station, count: 60, id: "\(prefix)ws-{n}"}
      - {profile: logger, count: 40, id: "\(prefix)lg-{n}"}
      - {profile: twin, count: 60, id: "\(prefix)tw-{n}", clones: 100 %}
    profiles:
      station:
        profile: station
        description: weather at night
        firmware: "1.0"
        interval: 1s
        sensors:
          - {name: temperature, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: 2, range: [-40, 85], noise: 0.4}
          - {name: irradiance, type: OTHER, measures: global_irradiance, unit: "W/m2", decimals: 1, range: [0, 1600]}
        faults: {malformed: 0.4 %, malformed_kinds: {"null": 1}}
      logger:
        profile: logger
        description: clocks that are days behind
        firmware: "1.0"
        interval: 1s
        clock: {offset: 20h, synchronise: never}
        sensors:
          - {name: vibration, type: VIBRATION, measures: vibration, unit: mm/s, decimals: 3, range: [0, 100], noise: 5}
      twin:
        profile: twin
        description: two devices that bear one id
        firmware: "1.0"
        interval: 100ms
        # One clock gains on the other, so that their instants meet again and again: some readings are sure to have the same key.
        clock: {offset: 0s, drift: 10000 ppm}
        sensors:
          - {name: shaking, type: VIBRATION, measures: vibration, unit: mm/s, decimals: 3, range: [0, 100], noise: 5}
    pipeline:
      allowed_lateness: forever
      future_tolerance: forever
      settling: 3s
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func check(_ lab: LabRun, prefix: String) throws {
    let fleet = try fleet(in: lab.scratch, prefix: prefix)
    let ended = try Program.run("run", fleet, "--lab", lab.folder, "--out", lab.run)
    #expect(ended.status == 1, "\(ended.output)\(ended.errors)")
    let diagnosis = try lab.diagnosis()
    let named = Set(diagnosis.findings.map(\.cause))
    // A batch that is replayed because of a null is told from any other replay only where the machine is not too busy to keep their times.
    let replays: Set<String> = ["null_handling", "crash_replay"]
    #expect(Self.causes.isSubset(of: named) && !named.isDisjoint(with: replays), "\(ended.output)")
    #expect(diagnosis.explained(besides: Self.causes.union(replays)) * 10 <= diagnosis.bad, "\(ended.output)")
    #expect(ended.output.contains("It drops rows that arrive more than 24 h 00 m after their timestamp."), "\(ended.output)")
    let told = diagnosis.findings.flatMap(\.evidence).map(\.text)
    #expect(told.contains { $0.hasPrefix("of zeros after a zero ") })
    // Each example's life can be told.
    for example in diagnosis.findings.flatMap(\.examples) where example.seq >= 0 {
      let explained = try Program.run("explain", lab.run, "--device", example.deviceID, "--seq", String(example.seq))
      #expect(explained.status == 0, "\(example): \(explained.errors)")
    }
    #expect(diagnosis.remainder.count * 50 <= diagnosis.bad, "\(ended.output)")
  }

  @Test func allDefectsOfTheReferenceAreNamedOnPostgreSQL() throws {
    try check(try LabRun(defects: Self.defects), prefix: "")
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["HELIOGRAPH_TEST_QUESTDB"] != nil))
  func allDefectsOfTheReferenceAreNamedOnQuestDB() throws {
    let store = try #require(ProcessInfo.processInfo.environment["HELIOGRAPH_TEST_QUESTDB"])
    let lab = try LabRun(defects: Self.defects, options: ["--questdb", store])
    try check(lab, prefix: "d\(Int(Date().timeIntervalSince1970))")
  }

  static let alone: [(defect: String, cause: String)] = [
    ("drop:rate=3%", "broker_store_gap"), ("duplicate:rate=3%", "repeated_writes"), ("dedup-window:window=2s", "deduplication_window"),
    ("late-cutoff:after=5s", "lateness_cut_off"), ("corrupt-value:rate=3%,how=scale", "unit_scale"),
    ("corrupt-value:rate=3%,how=null", "null_handling"), ("shift-timestamp:rate=100%,by=2h", "time_offset"),
    ("crash-replay:every=900,rows=120", "crash_replay"), ("phantom:rate=1%", "invented_rows"), ("float32", "single_precision"),
    ("round-value:places=0", "rounding"), ("partition-loss:partitions=8,partition=4", "loss_by_partition"),
    ("site-loss:site=site-03,rate=60%", "loss_by_site"), ("loss-burst:every=8s,length=1s", "loss_burst"),
    ("dedup-keys", "deduplication_keys"), ("zero-handling:how=drop", "zero_handling"),
  ]

  @Test func eachDefectIsNamedAlone() throws {
    for half in [Self.alone.prefix(8), Self.alone.dropFirst(8)] { try playAlone(half.map(\.defect)) }
  }

  private func playAlone(_ defects: [String]) throws {
    let outcomes = try concurrently(defects) { defect in
      let lab = try LabRun(defects: [defect])
      return (defect, lab, try lab.play())
    }
    for (defect, lab, ended) in outcomes {
      #expect(ended.status == 1, "\(defect): \(ended.output)\(ended.errors)")
      let cause = Self.alone.first { $0.defect == defect }?.cause ?? "-"
      let diagnosis = try lab.diagnosis()
      let named = diagnosis.findings.map { "\($0.cause): \($0.statement)" }
      #expect(diagnosis.findings.first?.cause == cause, "\(defect): \(named)")
      // On a busy machine the edges of what a defect did are blurred.
      #expect(diagnosis.explained(besides: [cause]) * 10 <= diagnosis.bad, "\(defect): \(named)")
    }
  }

  @Test func aHealthyPipelineYieldsNoFinding() throws {
    let lab = try LabRun()
    #expect(try lab.play().status == 0)
    let diagnosis = try lab.diagnosis()
    #expect(diagnosis.findings.isEmpty && diagnosis.bad == 0)
  }
}

extension LabRun {
  /// The part of `verdicts.json` that says what the pipeline does.
  struct Diagnosed: Decodable {
    struct Finding: Decodable {
      struct Evidence: Decodable { var text: String }
      struct Example: Decodable {
        var deviceID: String
        var seq: Int64
        enum CodingKeys: String, CodingKey {
          case seq
          case deviceID = "device_id"
        }
      }
      var cause: String
      var statement: String
      var explained: Int64
      var evidence: [Evidence]
      var examples: [Example]
    }
    struct Remainder: Decodable { var count: Int64 }
    var findings: [Finding]
    var remainder: Remainder
    var bad: Int64

    /// How many bad readings findings of other causes explain.
    func explained(besides causes: Set<String>) -> Int64 {
      findings.filter { !causes.contains($0.cause) }.reduce(0) { $0 + $1.explained }
    }
  }

  func diagnosis() throws -> Diagnosed {
    struct Document: Decodable { var diagnosis: Diagnosed }
    return try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(fileURLWithPath: run + "/verdicts.json"))).diagnosis
  }
}
