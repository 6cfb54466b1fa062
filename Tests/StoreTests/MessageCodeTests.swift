import Foundation
import Store
import StoreFixtures
import Testing

@testable import FleetSpec

/// Numbers and ids of messages: the same in Swift and in SQL, whatever stands in the column.
@Suite struct MessageCodeTests {
  static let eventIDs: [String?] = [
    "d-1:1:0", "d-1:2:77", "d-1:999999:99999999999", "d-1:2:77:r1", "d-1:2:77:r12", "d-2:1:0", nil, "", "garbage", "d-1", "d-1:", "d-1::",
    "d-1:1:", "d-1::5", "d-1:x:5", "d-1:1:y", "unregistered-d-1:1:5",
  ]

  private func table(_ engine: Engine, _ columns: String) throws -> (name: String, writer: StoreConnection) {
    let name = "messages_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
    let writer = try engine.connect(.readWrite)
    try writer.execute(
      "create table \(name) (ts timestamp, sensor_id text, value double precision, \(columns))"
        .replacing(engine == .questDB ? " text" : "\0", with: " varchar").replacing(
          engine == .questDB ? "double precision" : "\0", with: "double"
        )
        .replacing(engine == .questDB ? "bigint" : "\0", with: "long") + (engine == .questDB ? " timestamp(ts) partition by day wal" : ""))
    return (name, writer)
  }

  private func check(_ engine: Engine, _ identity: RowIdentity, _ columns: String, _ literals: [String], _ codes: [Int64]) throws {
    let (name, writer) = try table(engine, columns)
    defer { try? writer.execute("drop table \(name)") }
    let rows = literals.enumerated().map { index, literal in
      "(\(engine.dialect.timestamp(microseconds: TestRow.start + Int64(index) * 1_000_000)), 'd-1.s', 1.5, \(literal))"
    }
    try writer.execute("insert into \(name) values \(rows.joined(separator: ", "))")
    try WriteAheadLog.wait(forTable: name, on: writer)
    let store = StoreMapping(
      url: "", table: name, timestampColumn: "ts", identity: identity, values: [ValueColumn(ColumnReference("value"))], attributes: [],
      ingestedAtColumn: nil)
    let mapping = try TableMapping(store, on: engine.connect())
    let keys = DigestKeys(seed: 5)
    let window = TimeRange(from: TestRow.start, to: TestRow.start + 3_600_000_000)
    let query = try DigestQuery(window, buckets: DigestBuckets(origin: TestRow.start, length: 1_000_000), keys: keys, mapping: mapping)
    var found: [Int64: (Int64, Int64)] = [:]
    try query.forEachRow(on: engine.connect()) { found[$0.bucket] = ($0.first, $0.second) }
    for (index, code) in codes.enumerated() {
      let terms = keys.terms(
        timestampMicroseconds: TestRow.start + Int64(index) * 1_000_000, value: 1.5, quality: QualityCode.unmapped, message: code)
      #expect(found[Int64(index)].map { $0 == terms } == true, "\(literals[index]) as \(code)")
    }
    var fetched: [Int64] = []
    try RowQuery.within(window, .sensorIDs(["d-1.s"]), mapping: mapping).forEachRow(on: engine.connect()) { row in
      fetched.append(
        identity.eventID == nil ? MessageCode.code(sequence: try row.sequence) : MessageCode.code(eventID: try row.eventID, of: "d-1"))
    }
    #expect(fetched.sorted() == codes.sorted())
  }

  @Test(arguments: Engine.available) func eventIDs(engine: Engine) throws {
    let literals = Self.eventIDs.map { $0.map { "'\($0)'" } ?? "null" }
    let codes = Self.eventIDs.map { MessageCode.code(eventID: $0, of: "d-1") }
    let perBoot = MessageCode.perBoot
    let numbered: [Int64] = [perBoot, perBoot * 2 + 77, perBoot * 999_999 + 99_999_999_999, perBoot * 2 + 77, perBoot * 2 + 77, -1]
    #expect(Array(codes.prefix(6)) == numbered)
    try check(
      engine, RowIdentity(sensor: ColumnReference("sensor_id"), eventID: ColumnReference("id")), "id text", literals, codes)
  }

  @Test(arguments: Engine.available) func numbers(engine: Engine) throws {
    try check(
      engine, RowIdentity(sensor: ColumnReference("sensor_id"), sequence: ColumnReference("seq")), "seq bigint",
      ["0", "1", "4294967296", "99999999999", "null", "-1"], [0, 1, 4_294_967_296, 99_999_999_999, -1, -1])
  }

  @Test(arguments: Engine.available) func fieldsOfJSON(engine: Engine) throws {
    let texts = ["{\"m\":{\"seq\":12}}", "{\"m\":{\"seq\":\"13\"}}", "{\"m\":{}}", "{}", "{\"m\":{\"seq\":null}}"]
    try check(
      engine, RowIdentity(sensor: ColumnReference("sensor_id"), sequence: ColumnReference("payload", path: ["m", "seq"])), "payload text",
      texts.map { "'\($0)'" }, [12, 13, -1, -1, -1])
  }
}
