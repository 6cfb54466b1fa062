import Foundation
import Store
import StoreFixtures
import Testing

/// Prints how fast a digest is; run with HELIOGRAPH_MEASURE=1, in release.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["HELIOGRAPH_MEASURE"] != nil, "only on request"))
struct MeasurementTests {
  static let sensors = 1_000
  static let rows = 1_000_000

  @Test(arguments: Engine.available)
  func digestOfAMillionRows(engine: Engine) throws {
    let table = try ReadingsTable(engine, attributes: [.siteID, .deviceID, .sensorType, .unit, .quality])
    try fill(table)
    let window = TimeRange(from: TestRow.start, to: TestRow.start + 86_400_000_000)
    let connection = try engine.connect()
    for minutes in [1, 10] as [Int64] {
      let buckets = DigestBuckets(origin: TestRow.start, length: minutes * 60_000_000)
      let query = try DigestQuery(window, buckets: buckets, keys: DigestKeys(seed: 1), mapping: table.mapping)
      var groups = 0
      var rows: Int64 = 0
      let times = try (0..<5).map { _ in
        try ContinuousClock().measure {
          groups = 0
          rows = 0
          try query.forEachRow(on: connection) { row in
            groups += 1
            rows += row.count
          }
        }
      }
      #expect(rows == Int64(Self.rows))
      print("\(engine): digest of \(rows) rows in \(groups) groups: best \(times.min() ?? .zero), worst \(times.max() ?? .zero)")
    }
    let fetch = try ContinuousClock().measure {
      var count = 0
      try RowQuery.within(window, .everything, mapping: table.mapping).forEachRow(on: connection) { row in
        if try row.timestampMicroseconds != nil, try row.value != nil { count += 1 }
      }
      #expect(count == Self.rows)
    }
    print("\(engine): fetching \(Self.rows) whole rows: \(fetch)")
  }

  @Test func termsOnTheClient() {
    let keys = DigestKeys(seed: 1)
    var sums: (Int64, Int64) = (0, 0)
    let count = 20_000_000
    let time = ContinuousClock().measure {
      for index in 0..<count {
        let (first, second) = keys.terms(
          timestampMicroseconds: TestRow.start + Int64(index) * 1_000, value: Double(index % 1_777) * 0.37 - 100, quality: 1 + index % 3)
        sums.0 += first
        sums.1 += second
      }
    }
    print("client: \(time / count) a row (sums \(sums.0), \(sums.1))")
    #expect(sums.0 > 0)
  }

  private func fill(_ table: ReadingsTable) throws {
    let start = TestRow.start
    let columns = "\"timestamp\", site_id, asset_id, sensor_type, sensor_id, value, unit, quality_flag, ingested_at"
    switch table.engine {
    case .postgreSQL:
      try table.writer.execute(
        """
        insert into \(table.mapping.table) (\(columns)) select timestamp '2026-01-01' + (i / 1000) * interval '1 second' \
        + (i % 1000) * interval '1 ms', 'site-' || (i % 20), 'inv-' || ((i % 1000) / 5), 'POWER', \
        'inv-' || ((i % 1000) / 5) || '.s' || (i % 5), (i % 1777) * 0.37 - 100, 'W', \
        case when i % 50 = 0 then 'BAD' else 'GOOD' end, now()::timestamp from generate_series(0, \(Self.rows - 1)) i
        """)
      try table.writer.execute("vacuum analyze \(table.mapping.table)")
    case .questDB:
      try table.writer.execute(
        """
        insert into \(table.mapping.table) (\(columns)) select cast(\(start) + (x / 1000) * 1000000 + (x % 1000) * 1000 as timestamp), \
        concat('site-', x % 20), concat('inv-', (x % 1000) / 5), 'POWER', concat('inv-', (x % 1000) / 5, '.s', x % 5), \
        (x % 1777) * 0.37 - 100, 'W', case when x % 50 = 0 then 'BAD' else 'GOOD' end, now() from long_sequence(\(Self.rows))
        """)
      try WriteAheadLog.wait(forTable: table.store.table, on: table.writer)
    }
  }
}
