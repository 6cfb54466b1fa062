import FleetSpec
import Reconciliation
import Testing
import World

/// Tables in which nothing says whose a row is.
@Suite struct AnonymousVerdictTests {
  private func history(_ seed: UInt64 = 1, pipeline: String = "", knowsArrivals: Bool = true) throws -> History {
    try History(seed: seed, pipeline: pipeline, knowsArrivals: knowsArrivals, mapping: "table: t, identity: none")
  }

  @Test func everythingStoredAndSaidHow() throws {
    let history = try history()
    history.tellAndStoreAll()
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == 72 && outcome.result.passed && outcome.exceptions.isEmpty)
    #expect(outcome.result.work.differingBuckets == 0)
    let note = outcome.result.findings.first { $0.subject == "no_identity" }
    #expect(note?.severity == .note && note?.title.contains("stretches of time") == true)
  }

  /// The numbers are right whatever the faults, though not which reading each is about.
  @Test(arguments: 0..<20 as Range<UInt64>) func numbersAreRight(seed: UInt64) throws {
    let history = try history(seed)
    let random = RandomStream(seed: seed, device: 0, stream: 7)
    var draws: UInt64 = 0
    func draw(_ below: Int) -> Int {
      draws += 1
      return Int(random.uniform(draws) * Double(below))
    }
    var expected: [Verdict: Int64] = [:]
    // One fault an instant: two at the same one can be taken for a third.
    var instants: Set<Milliseconds> = []
    for device in history.readings.indices {
      for reading in history.readings[device] {
        history.tell(device, reading.seq)
        var row = history.row(device, reading.seq)
        let kind = draw(8)
        guard kind < 4, instants.insert(reading.timestamp).inserted else {
          history.store.rows.append(row)
          continue
        }
        switch kind {
        case 0: expected[.lost, default: 0] += 1
        case 1:
          expected[.duplicated, default: 0] += 1
          history.store.rows += [row, row]
        case 2:
          expected[.corrupted, default: 0] += 1
          row.value = row.value.map { $0 + 1_000 }
          history.store.rows.append(row)
        default:
          expected[.phantom, default: 0] += 1
          history.store.rows.append(row)
          row.timestampMicroseconds += 123_000
          row.value = -999
          history.store.rows.append(row)
        }
      }
    }
    let outcome = try history.judge()
    for verdict in [Verdict.lost, .duplicated, .corrupted, .phantom, .misplaced] {
      #expect(outcome.result[verdict] == expected[verdict] ?? 0, "\(verdict)")
    }
    #expect(outcome.result.readings == 72)
  }

  @Test func nothingIsLostThatIsNotProven() throws {
    let history = try history()
    history.tellAndStoreAll { $0 == 0 && $1 < 4 }
    history.tell(0, 0, outcome: 2)
    history.tell(0, 1, outcome: 3)
    history.tell(0, 2, outcome: 2)
    history.tell(0, 3)
    history.store.rows.append(history.row(0, 2))
    let outcome = try history.judge()
    #expect(outcome.result[.unconfirmed] == 1 && outcome.result[.discarded] == 1 && outcome.result[.lost] == 1)
    #expect(outcome.result[.stored] == 69 && outcome.result.readings == 72)
  }

  @Test func aShiftOfManyIsFound() throws {
    let history = try history()
    history.tellAndStoreAll()
    for index in history.store.rows.indices where index % 3 == 0 { history.store.rows[index].timestampMicroseconds += 3_600_000_000 }
    let outcome = try history.judge()
    #expect(outcome.result[.misplaced] == 24 && outcome.result[.lost] == 0 && outcome.result[.phantom] == 0)
  }

  @Test func toleranceHoldsHereToo() throws {
    let history = try History(mapping: "table: t, identity: none, tolerance: {absolute: 0.5}")
    history.tellAndStoreAll()
    for index in history.store.rows.indices { history.store.rows[index].value = history.store.rows[index].value?.rounded() }
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == 72 && outcome.exceptions.isEmpty)
    #expect(outcome.result.findings.contains { $0.subject == "row_by_row" })
  }
}
