import FleetSpec
import Reconciliation
import Testing

/// A digest and the look at single rows must not differ in what they call equal.
@Suite struct ExactnessTests {
  @Test(arguments: [0.000_000_19, -0.000_000_3, 0.000_002, -0.000_001]) func bothSeeMillionths(change: Double) throws {
    for isSampled in [false, true] {
      let history = try History()
      history.tellAndStoreAll()
      for index in history.store.rows.indices { history.store.rows[index].value = history.store.rows[index].value.map { $0 + change } }
      let outcome = try history.judge { $0.samples = isSampled ? 1_000 : 0 }
      let isSeen = abs(change) > 0.000_000_5
      #expect(outcome.result[.corrupted] == (isSeen ? 72 : 0) && outcome.result[.stored] == (isSeen ? 0 : 72))
      #expect(!outcome.result.findings.contains { $0.subject == "digest" })
    }
  }
}
