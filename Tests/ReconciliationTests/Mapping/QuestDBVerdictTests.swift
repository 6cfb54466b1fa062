import FleetSpec
import Reconciliation
import Store
import StoreFixtures
import Testing

/// What is special about QuestDB, against a real server.
@Suite(.enabled(if: Engine.questDBURL != nil, "QuestDB tests need HELIOGRAPH_TEST_QUESTDB"))
struct QuestDBVerdictTests {
  private static let layout = Layout("narrow", "identity: [sensor_id, ts], attributes: {}", [.time, .sensor, .value])

  private func run(
    _ layout: Layout = layout, options: String = "", pipeline: String = "", _ change: (inout [[StoredReading]], MappedTable) throws -> Void
  ) throws -> History.Outcome {
    let table = try MappedTable(layout, .questDB, options: options)
    let history = try History(pipeline: pipeline, mapping: "table: \(table.name), timestamp: ts, \(layout.mapping)")
    history.table = try table.store(for: history)
    for device in history.readings.indices { for seq in history.readings[device].indices { history.tell(device, Int64(seq)) } }
    var rows = history.readings.indices.map { device in history.readings[device].indices.map { history.stored(device, Int64($0)) } }
    try change(&rows, table)
    try table.insert(rows.flatMap { $0 })
    return try history.judge()
  }

  /// The table keeps one row for each key, and a late repeat overwrites an earlier one.
  @Test func upsertKeysOfTheReadingRemoveRepeats() throws {
    let outcome = try run(options: "dedup upsert keys(ts, sensor_id)") { rows, table in try table.insert(rows.flatMap { $0 }) }
    #expect(outcome.result[.stored] == 72 && outcome.exceptions.isEmpty)
  }

  @Test func upsertKeysThatDoNotTellSensorsLoseReadings() throws {
    let outcome = try run(options: "dedup upsert keys(ts, tenant)") { _, _ in }
    #expect(outcome.result[.lost] > 0 && outcome.result[.stored] + outcome.result[.lost] == 72)
    #expect(outcome.result[.phantom] == 0)
  }

  @Test func aRepeatWithAnotherValueOverwrites() throws {
    let outcome = try run(options: "dedup upsert keys(ts, sensor_id)") { rows, _ in
      var changed = rows[0][3]
      changed.value = 1
      rows[0].append(changed)
    }
    #expect(outcome.exceptions.map(\.verdict) == [.corrupted])
  }

  /// The least LONG is NULL, and a SHORT has no NULL at all.
  @Test func theLeastLongIsNull() throws {
    let layout = Layout(
      "long", "identity: [sensor_id, ts], attributes: {}, tolerance: {absolute: 0.5}",
      [.time, .sensor, .number("value", "bigint", "long") { $0 < -1e9 ? $0 : $0.rounded() }])
    let outcome = try run(layout) { rows, table in
      var row = rows[1].remove(at: 4)
      row.value = nil
      try table.writer.execute(
        "insert into \(table.name) (ts, sensor_id, value, tenant, ingested_at) values (cast(\(row.time) as timestamp), '\(row.sensorID)', "
          + "cast(-9223372036854775807 - 1 as long), 'demo', cast(\(row.arrival) as timestamp))")
    }
    #expect(outcome.exceptions.map(\.verdict) == [.corrupted])
    #expect(outcome.exceptions.first?.detail.contains("found NULL") == true)
  }

  /// Milliseconds taken for microseconds land in 1970, where QuestDB still takes them; what arrived during the run is found there.
  @Test func rowsIn1970AndInTheFarFutureAreFound() throws {
    let outcome = try run { rows, _ in
      rows[0][2].time /= 1_000
      rows[1][5].time += 3_000 * 86_400_000_000
    }
    #expect(outcome.exceptions.map(\.verdict) == [.misplaced, .misplaced] && outcome.result[.stored] == 70)
  }

  @Test func rowsBefore1970AreRefusedAndLost() throws {
    let outcome = try run { rows, table in
      var row = rows[0].remove(at: 2)
      row.time = -1_000
      #expect(throws: StoreError.self) {
        try table.writer.execute(
          "insert into \(table.name) (ts, sensor_id, value) values (cast(\(row.time) as timestamp), '\(row.sensorID)', 1.0)")
      }
    }
    #expect(outcome.exceptions.map(\.verdict) == [.lost])
  }

  /// A row far in the future makes TTL drop all others: they are lost, and nothing else is claimed.
  @Test func aFutureRowLetsTimeToLiveDropTheRest() throws {
    let table = try MappedTable(Self.layout, .questDB)
    try table.writer.execute("alter table \(table.name) set ttl 1 day")
    let history = try History(mapping: "table: \(table.name), timestamp: ts, \(Self.layout.mapping)")
    history.table = try table.store(for: history)
    for device in history.readings.indices { for seq in history.readings[device].indices { history.tell(device, Int64(seq)) } }
    try table.insert(
      history.readings.indices.flatMap { device in history.readings[device].indices.map { history.stored(device, Int64($0)) } })
    var future = history.stored(0, 0)
    future.time = 1_893_456_000_000_000
    try table.insert([future])
    try WriteAheadLog.wait(forTable: table.name, on: table.writer)
    let kept = try table.writer.query("select count(*) as n from \(table.name)").first?.first?.integer ?? -1
    let outcome = try history.judge()
    // Whether the server drops by the newest row or by its clock differs between releases; the verdicts follow what is there.
    #expect(outcome.result.readings == 72)
    #expect(kept == 73 ? outcome.result[.stored] == 72 : outcome.result[.stored] + outcome.result[.misplaced] == kept)
    print("QuestDB's TTL kept \(kept) of 73 rows; verdicts \(outcome.result.verdicts.filter { $0.value > 0 })")
  }

  @Test func aSuspendedTableGivesNoVerdict() throws {
    let error = #expect(throws: StoreError.self) {
      _ = try run { _, table in try table.writer.execute("alter table \(table.name) suspend wal") }
    }
    guard case .suspended = error else {
      Issue.record("not recognised as suspended: \(String(describing: error))")
      return
    }
  }
}
