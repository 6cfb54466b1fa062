import FleetSpec
import Reconciliation
import Testing

/// One verdict, one tiny history.
@Suite struct VerdictTests {
  private func expectSum(_ result: ReconciliationResult, sourceLocation: SourceLocation = #_sourceLocation) {
    let sum = result.verdicts.filter { $0.key != "phantom" }.values.reduce(0, +)
    #expect(sum == result.readings, sourceLocation: sourceLocation)
  }

  @Test func everythingStored() throws {
    let history = try History()
    history.tellAndStoreAll()
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == 72)
    #expect(outcome.result.readings == 72)
    #expect(outcome.result.passed)
    #expect(outcome.result.findings.isEmpty)
    #expect(outcome.exceptions.isEmpty)
    #expect(outcome.result.work.differingBuckets == 0)
  }

  @Test func acknowledgedWithoutRowIsLost() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 1 && $1 == 5 }
    history.tell(1, 5)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-2", 5) == .lost)
    #expect(outcome.result[.lost] == 1 && !outcome.result.passed)
    expectSum(outcome.result)
  }

  @Test func unacknowledgedWithoutRowIsUnconfirmed() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 < 2 }
    history.tell(0, 0, outcome: 2)
    history.tell(0, 1, outcome: 2)
    history.store.rows.append(history.row(0, 1))
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 0) == .unconfirmed)
    #expect(outcome.result[.unconfirmed] == 1 && outcome.result[.stored] == 71 && outcome.result.passed)
  }

  @Test func twoRowsAreDuplicatedUnderThePromiseToDeduplicate() throws {
    let history = try History()
    history.tellAndStoreAll()
    history.store.rows.append(history.row(2, 8))
    let outcome = try history.judge()
    #expect(outcome.verdict("d-3", 8) == .duplicated)
    #expect(outcome.result[.duplicated] == 1 && outcome.result[.phantom] == 0)
  }

  @Test func repeatsBeyondTheWindowAreAllowed() throws {
    let history = try History(pipeline: "  dedup: {keys: [sensor_id, timestamp], window: 10s}")
    history.tellAndStoreAll { $0 == 0 && $1 < 2 }
    history.tell(0, 0, attempts: 2, span: 30_000)
    history.tell(0, 1, attempts: 2, span: 5_000)
    for seq in [Int64(0), 0, 1, 1] { history.store.rows.append(history.row(0, seq)) }
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 0) == nil)
    #expect(outcome.verdict("d-1", 1) == .duplicated)
  }

  @Test func anotherValueIsCorruptedAndNamesTheColumn() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 4 }
    history.tell(0, 4)
    var row = history.row(0, 4)
    row.value = (row.value ?? 0) + 0.01
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 4) == .corrupted)
    #expect(outcome.exceptions.first?.detail.hasPrefix("value: expected") == true)
  }

  @Test func nullIsCorrupted() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 4 }
    history.tell(0, 4)
    var row = history.row(0, 4)
    row.value = nil
    history.store.rows.append(row)
    #expect(try history.judge().verdict("d-1", 4) == .corrupted)
  }

  @Test(arguments: 0..<5) func anotherAttributeIsCorrupted(attribute: Int) throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 4 }
    history.tell(0, 4)
    var row = history.row(0, 4)
    row.attributes[attribute] = attribute == 4 ? "BAD" : "elsewhere"
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 4) == .corrupted)
    #expect(outcome.result[.stored] == 71)
  }

  @Test(arguments: [3_600_000_000, -25_200_000_000, 777_000]) func shiftedRowsAreMisplaced(shift: Int64) throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 < 6 }
    for seq in Int64(0)..<6 {
      history.tell(0, seq)
      var row = history.row(0, seq)
      row.timestampMicroseconds += shift
      history.store.rows.append(row)
    }
    let outcome = try history.judge()
    #expect(outcome.result[.misplaced] == 6 && outcome.result[.phantom] == 0 && outcome.result[.lost] == 0)
    expectSum(outcome.result)
  }

  @Test func millisecondsTakenForMicrosecondsAreMisplacedIn1970() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 3 }
    history.tell(0, 3)
    var row = history.row(0, 3)
    row.timestampMicroseconds /= 1_000
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 3) == .misplaced)
    #expect(outcome.exceptions.first?.detail.contains("milliseconds taken for microseconds") == true)
  }

  @Test func aRowThatNobodySentIsAPhantom() throws {
    let history = try History()
    history.tellAndStoreAll()
    var row = history.row(0, 0)
    row.timestampMicroseconds += 1_234_000
    row.value = 99_999
    history.store.rows.append(row)
    row.sensorID = "d-1.pressure"
    history.store.rows.append(row)
    row.sensorID = "somebody-else.pressure"
    history.store.rows.append(row)
    let outcome = try history.judge()
    #expect(outcome.result[.phantom] == 2)
    #expect(outcome.result[.stored] == 72)
    #expect(outcome.result.work.foreignRows == 1)
    expectSum(outcome.result)
  }

  @Test func lateReadingsMayBeDroppedByContractOnly() throws {
    let history = try History(pipeline: "  allowed_lateness: 10s")
    history.tellAndStoreAll { $0 == 0 && $1 < 2 }
    history.tell(0, 0, delay: 60_000)
    history.tell(0, 1, delay: 500)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 0) == .droppedLate)
    #expect(outcome.verdict("d-1", 1) == .lost)
  }

  @Test func whatNeverLeftTheDeviceIsNotThePipelinesFault() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 < 2 }
    history.tell(0, 0, outcome: 3)
    history.tell(0, 1, outcome: 4)
    let outcome = try history.judge()
    #expect(outcome.result[.discarded] == 1 && outcome.result[.withheld] == 1 && outcome.result.passed)
    // Nothing differs from what was expected, so nothing had to be fetched but the sample.
    #expect(outcome.result.work.differingBuckets == 0)
  }

  @Test func aRowOfAReadingThatNeverLeftIsAPhantom() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 0 }
    history.tell(0, 0, outcome: 3)
    history.store.rows.append(history.row(0, 0))
    let outcome = try history.judge()
    #expect(outcome.result[.discarded] == 1 && outcome.result[.phantom] == 1)
  }

  @Test func malformedReadingsMustBeRejected() throws {
    let history = try History(faults: "{malformed: 20 %}")
    let isMalformed = { (device: Int, seq: Int64) in history.readings[device][Int(seq)].malformation != .none }
    history.tellAndStoreAll { isMalformed($0, $1) }
    var broken: [(Int, Int64)] = []
    for device in history.readings.indices {
      for reading in history.readings[device] where reading.malformation != .none {
        history.tell(device, reading.seq)
        broken.append((device, reading.seq))
      }
    }
    #expect(broken.count > 3)
    var outcome = try history.judge()
    #expect(outcome.result[.rejected] == Int64(broken.count) && outcome.result.passed)
    history.store.rows.append(history.row(broken[0].0, broken[0].1))
    outcome = try history.judge()
    #expect(outcome.result[.acceptedMalformed] == 1 && outcome.result[.rejected] == Int64(broken.count - 1) && !outcome.result.passed)
  }

  @Test func aStoreThatStillChangesMakesMissingReadingsPending() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 0 }
    history.tell(0, 0)
    for index in 0..<500 {
      var row = history.row(1, 1)
      row.sensorID = "somebody-else.x\(index)"
      history.store.invisible.append(row)
    }
    let outcome = try history.judge(waitAtMost: 5_000)
    #expect(outcome.result[.pending] == 1 && outcome.result[.lost] == 0)
    #expect(!outcome.result.passed && outcome.result.thresholds.allSatisfy(\.met))
  }

  @Test func rowsThatArriveWhileWaitingCount() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 < 4 }
    for seq in Int64(0)..<4 {
      history.tell(0, seq)
      history.store.invisible.append(history.row(0, seq))
    }
    #expect(try history.judge().result.passed)
  }

  @Test func aKilledRunClaimsNothingAfterItsLastDurablePoint() throws {
    let history = try History()
    // Durable until 30 s. Until then everything is told but d-1's first reading; later rows are there for d-2 alone.
    for device in history.readings.indices {
      for reading in history.readings[device] where reading.trueTime <= History.start + 30_000 {
        if device == 0 && reading.seq == 0 { continue }
        history.tell(device, reading.seq)
        history.store.rows.append(history.row(device, reading.seq))
      }
    }
    let later = history.readings[1].filter { $0.trueTime > History.start + 30_000 }
    for reading in later { history.store.rows.append(history.row(1, reading.seq)) }
    let outcome = try history.judge(killedAt: 30_000)
    #expect(outcome.result[.lost] == 0 && outcome.result[.phantom] == 0)
    #expect(outcome.verdict("d-1", 0) == .unconfirmed)
    let durable = history.readings.joined().filter { $0.trueTime <= History.start + 30_000 }.count
    #expect(outcome.result.readings == Int64(durable + later.count))
    #expect(outcome.result.runState == "killed")
    expectSum(outcome.result)
  }

  /// Two runs of one fleet in one table: neither sees the other's rows.
  @Test(arguments: [-3_600_000, 120_000, 5_000_000] as [Int64]) func rowsOfAnotherRunAreLeftOut(offset: Milliseconds) throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 0 && $1 == 7 }
    history.tell(0, 7)
    for row in history.store.rows {
      var other = row
      other.timestampMicroseconds += offset * 1_000
      other.ingestedAtMicroseconds = other.timestampMicroseconds
      history.store.rows.append(other)
    }
    // One that even falls between our own readings.
    var between = history.row(1, 1)
    between.timestampMicroseconds += 7_000
    between.ingestedAtMicroseconds = (History.start - 3_600_000) * 1_000
    history.store.rows.append(between)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 7) == .lost)
    #expect(outcome.result[.phantom] == 0 && outcome.result[.misplaced] == 0)
  }

  @Test func thresholdsReplaceTheContractsZeros() throws {
    let history = try History(pipeline: "thresholds: {lost: 1, unconfirmed: 0}")
    history.tellAndStoreAll { $0 == 0 && $1 < 2 }
    history.tell(0, 0)
    history.tell(0, 1, outcome: 2)
    let outcome = try history.judge()
    #expect(outcome.result.thresholds.first { $0.verdict == "lost" }?.met == true)
    #expect(outcome.result.thresholds.first { $0.verdict == "unconfirmed" }?.met == false)
    #expect(!outcome.result.passed)
  }

  @Test func repeatedJudgementsAreEqual() throws {
    let history = try History()
    history.tellAndStoreAll { $0 == 1 && $1 % 5 == 0 }
    for seq in stride(from: Int64(0), to: 24, by: 5) { history.tell(1, seq) }
    let first = try history.judge(salt: 1).result
    let second = try history.judge(salt: 2).result
    #expect(first.verdicts == second.verdicts && first.findings == second.findings)
  }
}
