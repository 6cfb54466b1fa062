import Store
import StoreFixtures
import Testing

@testable import FleetSpec

@Suite struct InspectorTests {
  @Test(arguments: Engine.available)
  func aFittingTableIsUsable(engine: Engine) throws {
    let table = try ReadingsTable(engine, attributes: AttributeMapping.Field.allCases)
    let inspection = try StoreInspector(engine.connect(), table.store).inspect()
    #expect(inspection.findings == [])
    #expect(inspection.table?.columns.count == (engine == .questDB ? 10 : 9))
    #expect(inspection.table?.hasWriteAheadLog == (engine == .questDB ? true : nil))
  }

  @Test(arguments: Engine.available)
  func misspeltNamesAreGuessed(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    var store = table.store
    store.identity.sensor = ColumnReference("sensorid")
    store.attributes[0].reference = ColumnReference("nothing_like_it")
    let findings = try StoreInspector(engine.connect(), store).inspect().findings
    #expect(findings.count == 2)
    #expect(findings.first?.subject == "store.identity: sensorid")
    #expect(findings.first?.fix == "did you mean sensor_id?")
    #expect(findings.last?.fix == "name one of the table's columns")
    #expect(findings.last?.found.contains("quality_flag") == true)
    store.table = store.table + "s"
    let missing = try StoreInspector(engine.connect(), store).inspect()
    #expect(!missing.isUsable && missing.table == nil)
    #expect(missing.findings.first?.fix == "did you mean \(table.store.table)?")
  }

  @Test(arguments: Engine.available)
  func wrongTypesAreNamed(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    var store = table.store
    store.timestampUnit = .milliseconds
    store.values = [ValueColumn(ColumnReference("sensor_id"))]
    store.ingestedAtColumn = "value"
    let findings = try StoreInspector(engine.connect(), store).inspect().findings
    #expect(findings.map(\.subject) == ["store.timestamp: timestamp", "store.values: sensor_id", "store.ingested_at: value"])
    #expect(findings[0].found.lowercased().contains("timestamp"))
    #expect(findings[0].fix.hasPrefix("set store.timestamp_unit to timestamp"))
    #expect(findings.allSatisfy { $0.severity == .problem })
  }

  @Test(arguments: Engine.available)
  func uniqueKeysInTheStoreAreAdvice(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    try table.writer.execute(
      engine == .questDB
        ? "alter table \(table.mapping.table) dedup enable upsert keys(\"timestamp\", sensor_id)"
        : "create unique index on \(table.mapping.table) (\"timestamp\", sensor_id)")
    try WriteAheadLog.wait(forTable: table.store.table, on: table.writer)
    let inspection = try StoreInspector(engine.connect(), table.store).inspect()
    #expect(inspection.isUsable)
    #expect(inspection.table?.uniqueKeys == [["timestamp", "sensor_id"]])
    #expect(inspection.findings.first?.severity == .advice)
  }

  @Test func tablesThatMayNotBeReadAreNamed() throws {
    let table = try ReadingsTable(.postgreSQL)
    try table.writer.execute("create role stranger_\(table.store.table) login password 'stranger'")
    defer { try? table.writer.execute("drop role stranger_\(table.store.table)") }
    let url = try PrivatePostgreSQL.shared.get().url.replacing("postgres@", with: "stranger_\(table.store.table)@")
    let inspection = try StoreInspector(StoreConnection(url: url, password: "stranger"), table.store).inspect()
    #expect(inspection.findings.map(\.found) == ["a table that this user may not read"])
  }

  @Test(.enabled(if: Engine.questDBURL != nil, "QuestDB tests need HELIOGRAPH_TEST_QUESTDB"))
  func tablesWithoutWriteAheadLogAreAdvice() throws {
    let table = try ReadingsTable(.questDB)
    try table.writer.execute("drop table \(table.mapping.table)")
    try table.writer.execute(
      "create table \(table.mapping.table) (\"timestamp\" timestamp, sensor_id symbol, value double, site_id symbol, quality_flag symbol, "
        + "ingested_at timestamp) timestamp(\"timestamp\") partition by day bypass wal")
    try WriteAheadLog.wait(forTable: table.store.table, on: table.writer)
    let findings = try StoreInspector(Engine.questDB.connect(), table.store).inspect().findings
    #expect(findings.map(\.severity) == [.advice])
    #expect(findings.first?.found == "a table without write-ahead log")
  }

  @Test(.enabled(if: Engine.questDBURL != nil, "QuestDB tests need HELIOGRAPH_TEST_QUESTDB"))
  func suspendedTablesAreReported() throws {
    let table = try ReadingsTable(.questDB)
    do {
      try table.writer.execute("alter table \(table.mapping.table) suspend wal")
    } catch {
      print("SKIPPED: this QuestDB does not let a table be suspended on purpose (dev.mode.enabled=true does): \(error)")
      return
    }
    let reader = try Engine.questDB.connect()
    #expect { try DrainProbe(DigestTests.window, mapping: table.mapping).observe(on: reader) } throws: { error in
      guard case .suspended(let name, _, let fix) = error as? StoreError else { return false }
      return name == table.store.table && fix.contains("RESUME WAL")
    }
    let inspection = try StoreInspector(reader, table.store).inspect()
    #expect(!inspection.isUsable)
    #expect(inspection.findings.first?.found.hasPrefix("a suspended table") == true)
  }
}
