import FleetSpec
import Reconciliation
import Testing

@testable import Ledger

/// The sums that a run keeps of what it measured: used where they are whole, and never taken on trust.
@Suite struct KeptDigestTests {
  private func spoil(_ path: String, _ sql: String) throws { try Database(path: path, access: .readWrite).execute(sql) }

  @Test func nothingIsRegeneratedWhereEverythingIsKept() throws {
    let history = try History(duration: "600s")
    history.tellAndStoreAll()
    let kept = try history.judge { $0.samples = 0 }
    #expect(kept.result.work.regeneratedReadings == 0)
    let fresh = try history.judge {
      $0.samples = 0
      $0.usesKeptDigests = false
    }
    #expect(fresh.result.work.regeneratedReadings == 720)
    #expect(kept.result.passed && fresh.result.passed && kept.result.verdicts == fresh.result.verdicts)
  }

  /// Whatever the devices do, both ways must come to the same verdicts.
  @Test(arguments: UInt64(1)...12) func verdictsAreThoseOfRegeneration(seed: UInt64) throws {
    let faults = "{malformed: \(seed % 3 == 0 ? 5 : 0) %}"
    let history = try History(
      seed: seed, devices: 5, duration: "400s", faults: faults, group: seed % 2 == 0 ? "clones: 40 %, second_link: 40 %" : "",
      profile: seed % 4 < 2 ? ClockVerdictTests.troubledClocks : "")
    for device in history.readings.indices {
      for reading in history.readings[device] {
        let outcome: UInt8 = device % 2 == 1 ? 1 : [1, 1, 1, 2, 3, 4][Int(reading.seq % 6)]
        history.tell(device, reading.seq, outcome: outcome, attempts: outcome <= 2 ? 1 : 0)
        let isRefused = reading.malformation.mustBeRefused
        guard outcome <= 2, !isRefused, reading.seq % 19 != 3, !history.world.devices[device].isSecondLink else { continue }
        history.store.rows.append(history.row(device, reading.seq))
      }
    }
    let kept = try history.judge()
    let fresh = try history.judge { $0.usesKeptDigests = false }
    #expect(kept.result.verdicts == fresh.result.verdicts)
    let key = { (one: Reconciliation.Exception) in "\(one.verdict) \(one.sensorID) \(one.boot) \(one.seq) \(one.timestamp) \(one.detail)" }
    #expect(kept.exceptions.map(key).sorted() == fresh.exceptions.map(key).sorted())
    #expect(kept.result.work.regeneratedReadings <= fresh.result.work.regeneratedReadings)
  }

  @Test func sumsThatAreNotThoseOfTheReadingsAreTold() throws {
    let history = try History(duration: "600s")
    history.tellAndStoreAll()
    #expect(try history.judge { $0.samples = 64 }.result.passed)
    // As if another version of heliograph had played the run: what it measured is what another seed gives now.
    let other = try History(seed: 2, duration: "600s")
    other.tellAndStoreAll()
    let path = try other.writeLedger()
    history.spoil = { try spoil($0, "ATTACH '\(path)' AS other; DELETE FROM digests; INSERT INTO digests SELECT * FROM other.digests;") }
    // The table holds what the digests say, so that all buckets agree.
    history.store.rows = other.store.rows
    let outcome = try history.judge { $0.samples = 64 }
    #expect(outcome.result.work.checkedDigests > 0)
    #expect(!outcome.result.passed)
    #expect(outcome.result.findings.contains { $0.subject == "kept_digests" })
  }

  @Test(arguments: [
    "DELETE FROM digests WHERE device = 1 AND first_seq > 0", "DELETE FROM digests WHERE device = 1",
    "UPDATE digests SET left_out = 1 WHERE device = 1", "UPDATE digests SET sums = x'80' WHERE device = 1",
    "UPDATE digests SET bucket = 1000000 WHERE device = 1", "UPDATE digests SET last_seq = last_seq + 1 WHERE device = 1",
  ]) func aDeviceWhoseSumsHaveGapsIsRegenerated(sql: String) throws {
    let history = try History(duration: "1h")
    history.tellAndStoreAll { $0 == 1 && $1 == 7 }
    history.tell(1, 7)
    history.spoil = { try spoil($0, sql) }
    let outcome = try history.judge { $0.samples = 0 }
    #expect(outcome.result.work.regeneratedReadings == Int64(history.readings[1].count))
    #expect(outcome.result[.lost] == 1 && outcome.verdict("d-2", 7) == .lost)
  }

  @Test func oldLedgersAreRead() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 3 }
    history.tell(0, 3)
    history.spoil = { try spoil($0, "DROP TABLE digests; PRAGMA user_version = 2;") }
    #expect(try history.judge().verdict("d-1", 3) == .lost)
    history.spoil = {
      try spoil($0, "DROP TABLE digests; ALTER TABLE deliveries DROP COLUMN ids; PRAGMA user_version = 1;")
    }
    #expect(try history.judge().verdict("d-1", 3) == .lost)
  }

  @Test func aKilledRunIsRegenerated() throws {
    let history = try History(duration: "600s")
    history.tellAndStoreAll()
    let outcome = try history.judge(killedAt: 300_000)
    #expect(outcome.result.work.regeneratedReadings > 0)
    #expect(outcome.result[.stored] == 720)
  }

  @Test func sumsOfAnotherFormAreNotUsed() throws {
    let history = try History(duration: "600s")
    history.tellAndStoreAll()
    history.spoil = { try spoil($0, "UPDATE run SET value = '1' WHERE key = 'digest_terms'") }
    let outcome = try history.judge()
    #expect(outcome.result.work.regeneratedReadings == 720 && outcome.result.passed)
  }
}
