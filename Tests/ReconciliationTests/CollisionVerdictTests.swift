import FleetSpec
import Reconciliation
import Testing
import World

/// Readings that share a key because a clock ran backwards.
@Suite struct CollisionVerdictTests {
  private static let steppingClock = """

        clock: {offset: 0s, drift: 0 ppm, synchronise: 10s, steps: {every: 2s, size: 2s}}
    """

  /// A history in which readings of one device share a key and say different things.
  private func history(_ pipeline: String = "") throws -> (history: History, pair: (device: Int, first: Int64, second: Int64)) {
    for seed in UInt64(1)...40 {
      let history = try History(seed: seed, duration: "30s", pipeline: pipeline, interval: "100ms", profile: Self.steppingClock)
      for device in history.readings.indices {
        var seen: [Int64: [Reading]] = [:]
        for reading in history.readings[device] where reading.sensor == 0 { seen[reading.timestamp, default: []].append(reading) }
        for same in seen.sorted(by: { $0.key < $1.key }).map(\.value) where same.count == 2 && same[0].value != same[1].value {
          return (history, (device, same[0].seq, same[1].seq))
        }
      }
    }
    throw NoSuchHistory()
  }

  private struct NoSuchHistory: Error {}

  @Test func whatIsStoredOnceMoreIsARepeatAndNoPhantom() throws {
    for (pipeline, verdict) in [("", Verdict.duplicated), ("  dedup: none", .stored)] {
      let (history, pair) = try history(pipeline)
      history.tellAndStoreAll()
      history.store.rows.append(history.row(pair.device, pair.second))
      let outcome = try history.judge()
      #expect(outcome.result[.phantom] == 0 && outcome.result[.collided] == 0)
      #expect(outcome.verdict("d-\(pair.device + 1)", pair.second) ?? .stored == verdict)
      #expect(outcome.verdict("d-\(pair.device + 1)", pair.first) == nil)
    }
  }

  @Test func aChangedRowIsCorruptedAndNoPhantom() throws {
    let (history, pair) = try history()
    history.tellAndStoreAll { $0 == pair.device && $1 == pair.first }
    history.tell(pair.device, pair.first)
    var row = history.row(pair.device, pair.first)
    row.value = 123_456
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-\(pair.device + 1)", pair.first) == .corrupted && outcome.result[.corrupted] == 1)
    #expect(outcome.result[.phantom] == 0 && outcome.result[.collided] == 0)
  }

  /// More changed rows than readings at a key: which of them is whose nobody knows, but it is the same in whatever order the store tells them.
  @Test func theOrderOfRowsDecidesNothing() throws {
    let (history, pair) = try history()
    let list = history.readings[pair.device]
    let said = [pair.first, pair.second].map { list[Int($0)].value }
    // One that shares its key with no other.
    let counts = Dictionary(grouping: list.filter { $0.sensor == 0 }, by: \.timestamp).mapValues(\.count)
    let spare = list.first {
      $0.sensor == 0 && $0.seq > pair.second && $0.value > 0 && !said.contains($0.value) && counts[$0.timestamp] == 1
    }
    let lost = try #require(spare).seq
    history.tellAndStoreAll { $0 == pair.device && ($1 == pair.first || $1 == pair.second || $1 == lost) }
    for seq in [pair.first, pair.second, lost] { history.tell(pair.device, seq) }
    var changed = [history.row(pair.device, pair.first), history.row(pair.device, pair.second), history.row(pair.device, pair.first)]
    // One differs in an attribute only, one says what the lost reading said, and one says nonsense.
    changed[0].attributes[0] = "elsewhere"
    changed[1].value = history.row(pair.device, lost).value
    changed[2].value = -99
    let before = history.store.rows
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
      history.store.rows = before + order.map { changed[$0] }
      let outcome = try history.judge()
      #expect(outcome.verdict("d-\(pair.device + 1)", pair.first) == .corrupted)
      #expect(outcome.verdict("d-\(pair.device + 1)", pair.second) == .corrupted)
      // The row with the reading's own value is its own, the least of the others is the other's, and what remains is the lost one.
      #expect(outcome.verdict("d-\(pair.device + 1)", lost) == .misplaced && outcome.result[.phantom] == 0)
    }
  }

  @Test func whatNeverLeftTheDeviceTakesNoRow() throws {
    let (history, pair) = try history()
    history.tellAndStoreAll { $0 == pair.device && $1 == pair.first }
    history.tell(pair.device, pair.first, outcome: 3, attempts: 0)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-\(pair.device + 1)", pair.first) == .discarded)
    #expect(outcome.verdict("d-\(pair.device + 1)", pair.second) == nil && outcome.result[.phantom] == 0)
  }
}
