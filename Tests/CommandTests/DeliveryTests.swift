import Foundation
import Ledger
import Testing

/// Batch upload, latency, dead and one-way links, expired certificates and forgotten acknowledgements against a real broker, the reference
/// pipeline and a store: the pipeline gets many true duplicates and late readings, and nothing may be claimed against it.
@Suite(.serialized) struct DeliveryTests {
  /// One profile for each kind of trouble, so that none hides another.
  private static let fleet = """
    fleet: rough-links
    seed: 7
    start: now
    sun_time: "11:30"
    duration: 30s
    drain: 20s
    sites: [{id: "site-{n}", count: 3, latitude: [40, 44], longitude: [0, 4]}]
    devices:
      - {profile: logger, count: 10, id: "log-{n:2}"}
      - {profile: sleeper, count: 10, id: "slp-{n:2}"}
      - {profile: dead, count: 10, id: "dead-{n:2}"}
      - {profile: one-way, count: 10, id: "way-{n:2}"}
      - {profile: forgetful, count: 10, id: "for-{n:2}"}
      - {profile: expiring, count: 10, id: "exp-{n:2}"}
    profiles:
      base: &base
        interval: 1s
        sensors: &sensors
          - {name: temperature, measures: ambient_temperature, decimals: 2, range: [-40, 85], noise: 0.2}
          - {name: humidity, measures: humidity, decimals: 1, range: [0, 100], noise: 0.5}
      logger:
        interval: 1s
        sensors: *sensors
        upload: {every: 6s, delay: 0s..3s}
        buffer: {replay_rate: unlimited}
        reporting: {mode: deadband, deadband: 0.1 %, heartbeat: 5s}
      sleeper:
        interval: 1s
        sensors: *sensors
        upload: {every: 6s, delay: 0s..3s, disconnect: true}
        buffer: {replay_rate: unlimited, overflow: keep-every-nth, capacity: 30}
      dead:
        interval: 1s
        sensors: *sensors
        link_faults: {dead: {every: 6s, length: 4s, spread: 0.3}}
        connection: {acknowledgement_timeout: 2s, backoff_maximum: 1s, latency: {median: 200ms, spread: 0.6}}
      one-way:
        interval: 1s
        sensors: *sensors
        link_faults: {acknowledgements_lost: {every: 5s, length: 2s, spread: 0.3}}
        connection: {acknowledgement_timeout: 3s, backoff_maximum: 1s}
      forgetful:
        interval: 1s
        sensors: *sensors
        power_outages: {every: 8s, length: 2s, spread: 0.3}
        buffer: {acknowledgement_pointer: unsaved, resend: 8, replay_rate: unlimited}
        connection: {session: persistent, backoff_maximum: 1s}
      expiring:
        interval: 1s
        sensors: *sensors
        network_outages: {every: 5s, length: 1s, spread: 0.3}
        connection: {backoff_maximum: 1s, certificate_expiry: {after: 8s, renewed_after: 4s..8s}}
    pipeline:
      delivery: at-least-once
      dedup: {keys: [sensor_id, timestamp], window: 10m}
      settling: 3s
    """

  private func play() throws -> (lab: LabRun, ended: Program.Ended) {
    let lab = try LabRun()
    let fleet = lab.scratch.file("fleet.yaml")
    try Self.fleet.write(toFile: fleet, atomically: true, encoding: .utf8)
    return (lab, try Program.run("run", fleet, "--lab", lab.folder, "--out", lab.run, "--quiet"))
  }

  @Test func roughLinksHarmNobody() throws {
    let (lab, ended) = try play()
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let verdicts = try lab.verdicts()
    for broken in ["lost", "duplicated", "corrupted", "misplaced", "phantom", "collided", "pending"] {
      #expect(verdicts.verdicts[broken] == 0, "\(broken): \(verdicts.verdicts)")
    }
    #expect(verdicts.verdicts.filter { $0.key != "phantom" }.values.reduce(0, +) == verdicts.readings)
    // Almost all of what was measured is in the store; what is left was measured after a last upload.
    #expect(verdicts.verdicts["stored"] ?? 0 > verdicts.readings * 3 / 4, "\(verdicts.verdicts)")
    let counts = try LedgerReader(path: lab.run + "/ledger.sqlite").eventCounts()
    for event in UInt8(20)...28 { #expect(counts[event] ?? 0 > 0, "event \(event): \(counts)") }
    #expect(counts[31] ?? 0 > 20, "\(counts)")
    try expectTrueDuplicates(lab, counts)
  }

  /// The subscriber behind the broker has seen at least as many copies as the ledger has counted transmissions beyond the first, for all
  /// readings that were acknowledged.
  private func expectTrueDuplicates(_ lab: LabRun, _ counts: [UInt8: Int64]) throws {
    let reader = try LedgerReader(path: lab.run + "/ledger.sqlite")
    var extra: [Int64] = []
    for device in 0..<60 {
      extra.append(
        try reader.deliveries(of: device).reduce(0) { $0 + ($1.outcome == 1 ? Int64($1.attempts - 1) * ($1.lastSeq - $1.firstSeq + 1) : 0) }
      )
    }
    // Devices 30..<40 have one-way links, 40..<50 forget.
    #expect(extra[30..<40].reduce(0, +) > 50, "\(extra)")
    #expect(extra[40..<50].reduce(0, +) > 50, "\(extra)")
    let removed = try #require(try lab.lab.status().pipeline?.duplicatesRemoved)
    // Each transmission of a one-way link and each reading that is sent again after a reboot does arrive.
    #expect(Int64(removed) >= (extra[30..<50].reduce(0, +)) * 9 / 10, "\(removed) removed, \(extra)")
  }
}
