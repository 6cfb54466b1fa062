import FleetSpec
import StoreFixtures
import Testing

@testable import Store

@Suite struct RowTests {
  @Test(arguments: Engine.available, StoreMapping.TimestampUnit.allCases)
  func everyTimestampUnitComesBackAsMicroseconds(engine: Engine, unit: StoreMapping.TimestampUnit) throws {
    let step: Int64 =
      switch unit {
      case .seconds: 1_000_000
      case .milliseconds: 1_000
      case .timestamp, .microseconds, .nanoseconds: 1
      }
    let rows = (0..<200).map { TestRow(time: TestRow.start + Int64($0) * step, value: Double($0) - 100) }
    let table = try ReadingsTable(engine, unit: unit)
    try table.insert(rows)
    // Bounds that no coarse unit can hold exactly.
    let window = TimeRange(from: TestRow.start + 3 * step - (step + 1) / 2 + 1, to: TestRow.start + 150 * step + step / 2)
    let inside = rows.filter { $0.time >= window.from && $0.time < window.to }
    #expect(inside.count > 140)
    #expect(try storedRows(.within(window, .everything, mapping: table.mapping), engine) == inside)
    #expect(
      try storedRows(.outside(window, .everything, mapping: table.mapping), engine)
        == rows.filter { $0.time < window.from || $0.time >= window.to })
    let buckets = DigestBuckets(origin: TestRow.start, length: 37 * step)
    let keys = DigestKeys(seed: 11)
    #expect(try storedDigests(table, window, buckets, keys) == expectedDigests(rows, window, buckets, keys))
  }

  @Test(arguments: Engine.available)
  func missingValuesStayMissing(engine: Engine) throws {
    var nothing = TestRow(time: TestRow.start + 5, value: nil, quality: nil, arrival: nil)
    nothing.site = ""
    let special = TestRow(time: TestRow.start + 6, value: .infinity)
    let table = try ReadingsTable(engine)
    try table.insert([nothing, special])
    let rows = try storedRows(.within(DigestTests.window, .everything, mapping: table.mapping), engine)
    #expect(rows.first == nothing)
    #expect(rows.last?.value == (engine == .questDB ? nil : .infinity))
  }

  @Test(arguments: Engine.available)
  func straysAreFoundByIdentityAndArrival(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    let shifts: [Int64] = [-3_600_000_000, -1, 0, 599_999_999, 600_000_000, 30 * 86_400_000_000]
    let rows = shifts.map { TestRow(time: TestRow.start + $0, arrival: TestRow.start + 1_000) }
    var foreign = TestRow(time: TestRow.start - 5, arrival: TestRow.start + 1_000)
    foreign.site = "site-99"
    let older = TestRow(time: TestRow.start - 7, arrival: TestRow.start - 1)
    try table.insert(rows + [foreign, older])
    let run = TimeRange(from: TestRow.start, to: TestRow.start + 3_600_000_000)
    let strays = try storedRows(
      .outside(DigestTests.window, .siteIDs(["site-01"]), arrived: run, mapping: table.mapping), engine)
    #expect(strays == [rows[0], rows[1], rows[4], rows[5]])
    #expect(throws: StoreError.self) { try RowQuery.outside(run, .deviceIDs(["inv-0001"]), mapping: table.mapping) }
  }

  @Test(arguments: Engine.available)
  func longListsOfSensorsAreCutIntoStatements(engine: Engine) throws {
    let sensors = (0..<25_000).map { "inv-\($0).a'sensor/with/a/rather/long/name" }
    let rows = stride(from: 0, to: 25_000, by: 500).map { TestRow(time: TestRow.start + Int64($0), sensor: sensors[$0]) }
    let table = try ReadingsTable(engine)
    try table.insert(rows + [TestRow(time: TestRow.start, sensor: "other")])
    let query = try RowQuery.within(DigestTests.window, .sensorIDs(sensors), mapping: table.mapping)
    #expect(query.statements.count > 2)
    #expect(query.statements.allSatisfy { $0.utf8.count < 1_048_576 })
    #expect(try storedRows(query, engine) == rows)
  }

  @Test func timestampsBeyondEveryCalendarAreConfined() throws {
    let connection = try Engine.postgreSQL.connect()
    var times: [Int64?] = []
    let sql =
      "select timestamp 'infinity', timestamp '-infinity', timestamp '294276-12-31', timestamp '4713-01-01 BC', cast(null as timestamp)"
    try connection.forEachRow(sql) { row in
      for column in 0..<5 { times.append(try row.timestampMicroseconds(column)) }
    }
    #expect(times == [.max, .min, .max, -210_863_520_000_000_000, nil])
  }

  @Test(arguments: Engine.available)
  func drainingIsObserved(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    let probe = try DrainProbe(DigestTests.window, mapping: table.mapping)
    let reader = try engine.connect()
    #expect(try probe.observe(on: reader) == DrainObservation(rowCount: 0, latestArrival: nil))
    try table.insert([TestRow(time: TestRow.start, arrival: 5_000_000), TestRow(time: TestRow.start, arrival: 9_000_000)])
    #expect(try probe.observe(on: reader) == DrainObservation(rowCount: 2, latestArrival: 9_000_000))
  }
}
