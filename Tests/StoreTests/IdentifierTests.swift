import FleetSpec
import Store
import StoreFixtures
import Testing

@Suite struct IdentifierTests {
  @Test func everyIdentifierIsQuoted() throws {
    #expect(Dialect.postgreSQL.identifier("a\"b") == "\"a\"\"b\"")
    #expect(Dialect.postgreSQL.table("lab.Sensor Readings") == "\"lab\".\"Sensor Readings\"")
    #expect(Dialect.questDB.table("sensor.readings") == "\"sensor.readings\"")
    #expect(try Dialect.questDB.text("it's") == "'it''s'")
    #expect(throws: StoreError.self) { try Dialect.postgreSQL.text("a\0b") }
  }

  @Test(arguments: Engine.available)
  func hostileNamesWorkEverywhere(engine: Engine) throws {
    // QuestDB allows neither quotes nor commas nor semicolons in a name.
    let mark = engine == .questDB ? "" : "\"; drop table x; --'"
    let names = [
      "timestamp": "Time Stamp\(mark)", "sensor_id": "select\(mark)", "value": "VALUE from\(mark)", "site_id": "Site\(mark)",
      "quality_flag": "group by\(mark)", "ingested_at": "Ingested At\(mark)",
    ]
    let name = "Hostile Table\(mark) \(engine.rawValue) \(UInt32.random(in: 0 ... .max))"
    let table = try ReadingsTable(engine, names: names, table: name)
    let rows = [TestRow(time: TestRow.start), TestRow(time: TestRow.start + 1, sensor: "a'b\"c\\d", value: 2)]
    try table.insert(rows)
    let keys = DigestKeys(seed: 4)
    #expect(
      try storedDigests(table, DigestTests.window, DigestTests.buckets, keys)
        == expectedDigests(rows, DigestTests.window, DigestTests.buckets, keys))
    #expect(try storedRows(.within(DigestTests.window, .sensorIDs(["a'b\"c\\d"]), mapping: table.mapping), engine) == [rows[1]])
    #expect(try DrainProbe(DigestTests.window, mapping: table.mapping).observe(on: engine.connect()).rowCount == 2)
    #expect(try StoreInspector(engine.connect(), table.store).inspect().isUsable)
  }

  @Test func schemasAreFollowedInPostgreSQL() throws {
    let writer = try Engine.postgreSQL.connect(.readWrite)
    try writer.execute("create schema if not exists \"Lab \"\"1\"\"\"")
    let table = try ReadingsTable(.postgreSQL, table: "Lab \"1\".Readings")
    try table.insert([TestRow(time: TestRow.start)])
    #expect(try storedRows(.within(DigestTests.window, .everything, mapping: table.mapping), .postgreSQL).count == 1)
    #expect(try StoreInspector(Engine.postgreSQL.connect(), table.store).inspect().isUsable)
  }
}
