import FleetSpec
import Reconciliation
import Testing
import World

/// Rows where no reading belongs.
@Suite struct StrayVerdictTests {
  /// A run on the time of the day ends before the next one begins: what is stamped before its end is its own, however late it arrives.
  @Test func whatIsStampedBeforeTheEndIsNotOfALaterRun() throws {
    let history = try History()
    history.drain = 120_000
    history.tellAndStoreAll()
    var stray = history.row(0, 0)
    stray.timestampMicroseconds = (History.start + 100_000) * 1_000
    stray.ingestedAtMicroseconds = (History.start + 200_000) * 1_000
    history.store.rows.append(stray)
    #expect(try history.judge().result[.phantom] == 1)
    // One that is stamped after the end may be of the next run.
    history.store.rows[history.store.rows.count - 1].timestampMicroseconds = (History.start + 190_000) * 1_000
    #expect(try history.judge().result[.phantom] == 0)
  }

  /// However many ways there are to be wrong, a reading whose value stands at some wrong time is not proven to be lost.
  @Test func manyDifferentShiftsAreNoLoss() throws {
    let history = try History(devices: 1, interval: "200ms")
    history.tellAndStoreAll()
    let count = history.store.rows.count
    #expect(count > 500)
    // Each row is off by an amount of its own, and none stands at another reading's key.
    for index in history.store.rows.indices {
      history.store.rows[index].timestampMicroseconds += 3_600_000_000 + Int64(index * index) * 1_000 + 1
    }
    let result = try history.judge().result
    #expect(result[.lost] == 0 && result[.phantom] == 0 && result[.misplaced] == Int64(count))
  }
}
