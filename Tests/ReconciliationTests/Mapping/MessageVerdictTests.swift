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

  @Test(arguments: identities) func whatNeverLeftTheDeviceIsAPhantomThoughItBearsAnId(identity: String) throws {
    let history = try history(identity)
    history.tellAndStoreAll { $0 == 0 && $1 == 2 }
    history.tell(0, 2, outcome: 3)
    history.store.rows.append(history.row(0, 2))
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 2) == .discarded && outcome.result[.phantom] == 1)
  }
}
