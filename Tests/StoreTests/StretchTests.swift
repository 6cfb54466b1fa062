import FleetSpec
import StoreFixtures
import Testing

@testable import Store

/// Rows asked for by sensor and stretch of time, and what a store can do without reading a table from end to end.
@Suite struct StretchTests {
  @Test(arguments: StoreMapping.TimestampUnit.allCases)
  func everyStretchComesOnce(unit: StoreMapping.TimestampUnit) throws {
    guard Engine.available.contains(.postgreSQL) else { return }
    let table = try ReadingsTable(.postgreSQL, unit: unit)
    let rows = (0..<300).map { number in
      TestRow(time: TestRow.start + Int64(number) * 1_000_000, sensor: "it's \(number % 3).power", value: Double(number))
    }
    try table.insert(rows)
    func range(_ from: Int64, _ to: Int64) -> TimeRange {
      TimeRange(from: TestRow.start + from * 1_000_000, to: TestRow.start + to * 1_000_000)
    }
    let wanted: [(sensorID: String, range: TimeRange)] = [
      ("it's 0.power", range(0, 30)), ("it's 0.power", range(60, 90)), ("it's 2.power", range(299, 400)), ("nobody.power", range(0, 300)),
    ]
    let expected = rows.filter { row in wanted.contains { $0.sensorID == row.sensor && row.time >= $0.range.from && row.time < $0.range.to }
    }
    #expect(expected.count == 21)
    #expect(try storedRows(.stretches(wanted, mapping: table.mapping), .postgreSQL) == expected)
    #expect(try storedRows(.stretches([], mapping: table.mapping), .postgreSQL).isEmpty)
  }

  @Test(arguments: Engine.available) func indexesByTimeAreSeen(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    let connection = try engine.connect()
    guard engine == .postgreSQL else {
      #expect(try TimeIndex.exists(for: table.mapping, on: connection))
      return
    }
    #expect(try !TimeIndex.exists(for: table.mapping, on: connection))
    try table.writer.execute("create index on \(table.mapping.table) (sensor_id, timestamp)")
    #expect(try !TimeIndex.exists(for: table.mapping, on: connection))
    try table.writer.execute("create index on \(table.mapping.table) (timestamp)")
    #expect(try TimeIndex.exists(for: table.mapping, on: connection))
  }
}
