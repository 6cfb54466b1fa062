import FleetSpec
import Reconciliation
import Testing

/// What the number or id of a message tells beyond sensor and timestamp.
@Suite struct MessageVerdictTests {
  static let identities = ["{sensor: sensor_id, event_id: event_id}", "{sensor: sensor_id, seq: seq}"]

  private func history(_ identity: String) throws -> History { try History(mapping: "table: t, identity: \(identity)") }

  @Test(arguments: identities) func everythingStored(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll()
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == 72 && outcome.exceptions.isEmpty && outcome.result.work.differingBuckets == 0)
  }

  /// By value alone, a row moved to a time of its own with another value would be one lost and one phantom.
  @Test(arguments: identities) func aMisplacedRowIsKnownWhateverItsValue(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll { $0 == 1 && $1 == 6 }
    history.tell(1, 6)
    var row = history.row(1, 6)
    row.timestampMicroseconds += 1_234_000
    row.value = 0
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.exceptions.map(\.verdict) == [.misplaced] && outcome.verdict("d-2", 6) == .misplaced)
  }

  /// Shifted by just one interval, each row lands on its neighbour's key.
  @Test(arguments: identities) func rowsOnTheirNeighboursKeysAreMisplacedNotCorrupted(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll { $0 == 0 && $1 >= 4 && $1 < 10 }
    for seq in Int64(4)..<10 {
      history.tell(0, seq)
      var row = history.row(0, seq)
      row.timestampMicroseconds += 5_000_000
      history.store.rows.append(row)
    }
    let outcome = try history.judge()
    #expect(outcome.result[.misplaced] == 6 && outcome.result[.corrupted] == 0 && outcome.result[.stored] == 66)
  }

  @Test(arguments: identities) func aCopyAtAnotherTimeIsADuplicateNotAPhantom(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll()
    var row = history.row(2, 3)
    row.timestampMicroseconds += 700_000
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-3", 3) == .duplicated)
    #expect(outcome.result[.phantom] == 0 && outcome.result[.stored] == 71 && outcome.result.readings == 72)
  }

  /// After the last durable point of a run that was killed, a row is all that shows a reading, wherever it stands.
  @Test(arguments: identities) func whatWasMeasuredAfterADeathIsMisplacedNotDoubled(identity: String) throws {
    let history = try history(identity)
    for reading in history.readings[0] where reading.trueTime <= History.start + 30_000 {
      history.tell(0, reading.seq)
      history.store.rows.append(history.row(0, reading.seq))
    }
    let later = try #require(history.readings[0].first { $0.trueTime > History.start + 40_000 })
    var row = history.row(0, later.seq)
    row.timestampMicroseconds += 1_234_000
    history.store.rows.append(row)
    let outcome = try history.judge(killedAt: 30_000)
    #expect(outcome.verdict("d-1", later.seq) == .misplaced)
    #expect(outcome.result[.misplaced] == 1 && outcome.result[.duplicated] == 0 && outcome.result[.phantom] == 0)
  }

  /// Two rows with each other's ids: nothing else about them is wrong.
  @Test(arguments: identities) func swappedIdsAreSeen(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll { $0 == 0 && ($1 == 2 || $1 == 4) }
    for (seq, other) in [(Int64(2), Int64(4)), (4, 2)] {
      history.tell(0, seq)
      var row = history.row(0, seq)
      row.message = history.row(0, other).message
      history.store.rows.append(row)
    }
    let outcome = try history.judge()
    #expect(outcome.exceptions.count == 2 && outcome.result[.misplaced] == 2 && outcome.result[.stored] == 70)
  }

  @Test(arguments: identities) func aLostIdIsCorrupted(identity: String) throws {
    for message: Int64 in [-1, 7_777_777] {
      let history = try history(identity)
      history.tellAndStoreAll { $0 == 0 && $1 == 2 }
      history.tell(0, 2)
      var row = history.row(0, 2)
      row.message = message
      history.store.rows.append(row)
      let outcome = try history.judge()
      #expect(outcome.verdict("d-1", 2) == .corrupted && outcome.exceptions.count == 1)
      #expect(outcome.exceptions.first?.detail.contains("expected") == true)
    }
  }

  /// Readings with one timestamp, as after a clock's step back: ids keep them apart where values cannot.
  @Test func readingsOfOneInstantAreToldApart() throws {
    for (dedup, verdict) in [("", Verdict.collided), ("  dedup: {keys: [event_id]}", .lost)] {
      let history = try History(
        pipeline: dedup, group: "clones: 100 %", mapping: "table: t, identity: \(Self.identities[0])")
      guard let clone = history.world.devices.firstIndex(where: { $0.twin?.kind == .clone && $0.twin?.original == 0 }) else {
        Issue.record("no clone")
        return
      }
      history.tellAndStoreAll { $0 == clone && $1 == 4 }
      history.tell(clone, 4)
      let outcome = try history.judge()
      let shared = history.readings[0].contains { $0.timestamp == history.readings[clone][4].timestamp }
      let reading = history.readings[clone][4]
      #expect(outcome.verdict("d-1", boot: reading.boot, 4) == (shared ? verdict : .lost))
      #expect(outcome.exceptions.count == 1)
    }
  }

  /// Numbers that begin anew at each boot say nothing about rows at a wrong time, but a wrong one is still seen.
  @Test func reusedNumbersAreComparedOnly() throws {
    let history = try History(mapping: "table: t, identity: \(Self.identities[1])", more: "sequence: reset")
    history.tellAndStoreAll { $0 == 0 && $1 == 2 }
    history.tell(0, 2)
    var row = history.row(0, 2)
    row.message += 1
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.exceptions.map(\.verdict) == [.corrupted] && outcome.exceptions.first?.detail.hasPrefix("seq: expected") == true)
  }

  @Test(arguments: identities) func whatNeverLeftTheDeviceIsAPhantomThoughItBearsAnId(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll { $0 == 0 && $1 == 2 }
    history.tell(0, 2, outcome: 3)
    history.store.rows.append(history.row(0, 2))
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 2) == .discarded && outcome.result[.phantom] == 1)
  }
}
