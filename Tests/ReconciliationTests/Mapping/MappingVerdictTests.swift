import FleetSpec
import Reconciliation
import Store
import StoreFixtures
import Testing

/// Each layout on each engine: a healthy table is judged clean, and every defect by its name.
@Suite struct MappingVerdictTests {
  private func history(_ layout: Layout, _ table: MappedTable) throws -> History {
    let history = try History(
      group: "", mapping: "table: \(table.name), timestamp: ts, ingested_at: ingested_at, \(layout.mapping)", deviceID: layout.deviceID)
    history.table = try table.store(for: history)
    for device in history.readings.indices { for seq in history.readings[device].indices { history.tell(device, Int64(seq)) } }
    return history
  }

  private func honest(_ history: History) -> [[StoredReading]] {
    history.readings.indices.map { device in history.readings[device].indices.map { history.stored(device, Int64($0)) } }
  }

  /// A real device in the same table, and one of another tenant.
  private func strangers(_ history: History) -> [StoredReading] {
    let id = history.world.devices[0].id
    let stranger = id.count == 36 ? "11111111-2222-3333-4444-555555555555" : "other-1"
    return ["demo", "other"].map {
      StoredReading(device: stranger, sensor: "temperature", boot: 1, sequence: 0, time: History.start * 1_000 + 7, value: 5, tenant: $0)
    }
  }

  @Test(arguments: Layout.all, Engine.available)
  func aHealthyTableIsClean(layout: Layout, engine: Engine) throws {
    let table = try MappedTable(layout, engine)
    let history = try history(layout, table)
    try table.insert(honest(history).flatMap { $0 } + strangers(history).filter { !layout.tellsNobody || $0.tenant != "demo" })
    let outcome = try history.judge()
    #expect(outcome.exceptions.isEmpty, "\(outcome.exceptions.prefix(3))")
    #expect(outcome.result[.stored] == 72 && outcome.result.readings == 72 && outcome.result.passed)
    if layout.isDigestible { #expect(outcome.result.work.differingBuckets == 0) }
    let expected: Int64 = layout.tellsNobody ? 0 : layout.name == "shared" ? 1 : 2
    #expect(outcome.result.work.foreignRows == expected)
    #expect(outcome.result.findings.contains { $0.subject == "no_identity" } == layout.tellsNobody)
  }

  /// The sums that a run keeps of what it measures are those of the mapping too.
  @Test(arguments: Layout.all, Engine.available)
  func keptSumsFitTheTable(layout: Layout, engine: Engine) throws {
    let table = try MappedTable(layout, engine)
    let history = try history(layout, table)
    history.keepsDigests = true
    try table.insert(honest(history).flatMap { $0 })
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == 72 && outcome.exceptions.isEmpty)
    if !layout.tellsNobody { #expect(outcome.result.work.regeneratedReadings == 0) }
    if layout.isDigestible { #expect(outcome.result.work.differingBuckets == 0) }
  }

  @Test(arguments: Layout.all, Engine.available)
  func everyDefectIsNamed(layout: Layout, engine: Engine) throws {
    let table = try MappedTable(layout, engine)
    let history = try history(layout, table)
    var rows = honest(history)
    rows[1][4].value = rows[1][4].value.map { $0 + 3 }
    rows[1][9].time += 2_000_000
    rows[0].append(rows[0][5])
    rows[0].remove(at: 2)
    rows[2].append(
      StoredReading(
        device: history.world.devices[2].id, sensor: "humidity", boot: 1, sequence: 9_999, time: (History.start + 33_300) * 1_000,
        value: 77.7))
    try table.insert(rows.flatMap { $0 })
    let outcome = try history.judge()
    var found: [String] = []
    for exception in outcome.exceptions {
      // Which of several devices lacks a row cannot be told where nothing says whose it is.
      found.append(
        layout.tellsNobody ? exception.verdict.rawValue : "\(exception.verdict.rawValue) \(exception.deviceID.suffix(1)) \(exception.seq)")
    }
    let expected = ["corrupted 2 4", "duplicated 1 5", "lost 1 2", "misplaced 2 9", "phantom 3 -1"]
    #expect(found.sorted() == (layout.tellsNobody ? expected.map { String($0.prefix { $0 != " " }) } : expected), "\(outcome.exceptions)")
    #expect(outcome.result[.stored] == 68 && outcome.result.readings == 72)
  }
}
