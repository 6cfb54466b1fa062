import FleetSpec
import Reconciliation
import Testing
import World

@Suite struct BreakdownTests {
  /// Every table of the breakdown adds up to the verdicts.
  static func expectSums(_ outcome: History.Outcome) {
    for table in outcome.breakdown.tables {
      let readings = table.rows.reduce(Int64(0)) { $0 + $1.readings.reduce(0, +) }
      #expect(readings == outcome.result.readings, "\(table.name)")
      for verdict in Verdict.allCases where verdict != .stored {
        let count = table.rows.reduce(Int64(0)) { $0 + $1.total(verdict) }
        #expect(count == outcome.result[verdict], "\(table.name): \(verdict)")
      }
    }
  }

  @Test func lossesStandWhereAndWhenTheyWereMeasured() throws {
    let history = try History(devices: 2, duration: "60s")
    history.tellAndStoreAll { device, seq in device == 1 && seq < 4 }
    for seq in Int64(0)..<4 { history.tell(1, seq) }
    let outcome = try history.judge()
    Self.expectSums(outcome)
    #expect(outcome.result[.lost] == 4)
    let breakdown = outcome.breakdown
    #expect(breakdown.slot == 5_000 && breakdown.tables.map(\.name) == ["site", "profile", "firmware"])
    #expect(breakdown.tables.map { $0.rows.map(\.name) } == [["here"], ["probe"], ["probe 1.0"]])
    for seq in 0..<4 {
      let time = history.readings[1][seq].trueTime
      let slot = Int((time - breakdown.from) / breakdown.slot)
      #expect(breakdown.tables[0].rows[0].count([.lost], slot: slot) > 0)
    }
  }

  @Test func aKilledRunAddsUpToo() throws {
    let history = try History()
    history.tellAndStoreAll { _, seq in seq > 10 }
    for seq in Int64(11)..<14 { history.store.rows.append(history.row(0, seq)) }
    Self.expectSums(try history.judge(killedAt: 20_000))
  }
}
