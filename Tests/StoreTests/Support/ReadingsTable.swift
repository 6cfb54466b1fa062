import Foundation
import Store
import StoreFixtures

@testable import FleetSpec

/// A row as tests write it.
struct TestRow: Sendable, Equatable {
  var time: Int64
  var sensor = "inv-0001.ac_power"
  var value: Double? = 1
  var quality: String? = "GOOD"
  var site = "site-01"
  var arrival: Int64? = TestRow.start

  /// 2026-01-01T00:00:00Z in microseconds.
  static let start: Int64 = 1_767_225_600_000_000
}

/// A table of readings of its own, dropped at the end of the test.
final class ReadingsTable {
  let engine: Engine
  let writer: StoreConnection
  let store: StoreMapping
  let mapping: TableMapping

  /// - Parameter names: columns other than the usual ones: hostile, upper case.
  init(
    _ engine: Engine, unit: StoreMapping.TimestampUnit = .timestamp, names: [String: String] = [:], table: String? = nil,
    attributes: [AttributeMapping.Field] = [.siteID, .quality], ingestedAt: Bool = true
  ) throws {
    self.engine = engine
    writer = try engine.connect(.readWrite)
    func name(_ usual: String) -> String { names[usual] ?? usual }
    let columns: [AttributeMapping.Field: String] = [
      .siteID: "site_id", .deviceID: "asset_id", .sensorType: "sensor_type", .unit: "unit", .quality: "quality_flag",
    ]
    let unique = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
    store = StoreMapping(
      url: "", password: nil, table: table ?? "readings_\(unique)", timestampColumn: name("timestamp"), timestampUnit: unit,
      identity: RowIdentity(sensor: ColumnReference(name("sensor_id"))), values: [ValueColumn(ColumnReference(name("value")))],
      attributes: attributes.map { AttributeMapping(field: $0, column: name(columns[$0] ?? "")) },
      ingestedAtColumn: ingestedAt ? name("ingested_at") : nil)
    mapping = try TableMapping(store, dialect: engine.dialect)
    try writer.execute(definition(name))
  }

  deinit { try? writer.execute("drop table \(mapping.table)") }

  private func definition(_ name: (String) -> String) -> String {
    func quoted(_ usual: String) -> String { engine.dialect.identifier(name(usual)) }
    let isTimestamp = store.timestampUnit == .timestamp
    let (text, double, time) =
      engine == .questDB
      ? ("symbol", "double", isTimestamp ? "timestamp" : "long") : ("text", "double precision", isTimestamp ? "timestamp" : "bigint")
    let texts = ["site_id", "asset_id", "sensor_type", "sensor_id", "unit", "quality_flag"].map { "\(quoted($0)) \(text)" }
    // QuestDB partitions by a timestamp; when the mapped one is a number, another column has to serve.
    let partitioning =
      engine == .questDB
      ? ", partition_time timestamp) timestamp(\(isTimestamp ? quoted("timestamp") : "partition_time")) partition by day wal" : ")"
    return """
      create table \(mapping.table) (\(quoted("timestamp")) \(time), \(texts.joined(separator: ", ")), \
      \(quoted("value")) \(double), \(quoted("ingested_at")) timestamp\(partitioning)
      """
  }

  /// Writes rows and waits until they can be seen.
  func insert(_ rows: [TestRow]) throws {
    for start in stride(from: 0, to: rows.count, by: 500) { try insertBatch(Array(rows[start..<min(start + 500, rows.count)])) }
    try WriteAheadLog.wait(forTable: store.table, on: writer)
  }

  private func insertBatch(_ rows: [TestRow]) throws {
    let dialect = engine.dialect
    let literal = { (text: String?) in try text.map { try dialect.text($0) } ?? "null" }
    let attribute = { (row: TestRow, field: AttributeMapping.Field) -> String? in
      switch field {
      case .siteID: row.site
      case .deviceID: row.sensor.split(separator: ".").first.map(String.init)
      case .sensorType: "POWER"
      case .unit: "W"
      case .quality: row.quality
      }
    }
    var columns =
      [store.timestampColumn, store.identity.sensor?.column ?? "", store.values[0].column.column] + store.attributes.map(\.column)
    if let arrival = store.ingestedAtColumn { columns.append(arrival) }
    if engine == .questDB && store.timestampUnit != .timestamp { columns.append("partition_time") }
    var parameters: [StoreParameter] = []
    let tuples = try rows.map { row in
      parameters.append(row.value.map { .double($0) } ?? .null)
      let value = engine == .questDB ? "$\(parameters.count)" : dialect.double("$\(parameters.count)")
      var values = [time(row.time), try literal(row.sensor), row.value == nil ? "null" : value]
      if row.value == nil { parameters.removeLast() }
      values += try store.attributes.map { try literal(attribute(row, $0.field)) }
      if store.ingestedAtColumn != nil { values.append(row.arrival.map { dialect.timestamp(microseconds: $0) } ?? "null") }
      if columns.last == "partition_time" { values.append(dialect.timestamp(microseconds: TestRow.start)) }
      return "(\(values.joined(separator: ", ")))"
    }
    let names = columns.map(dialect.identifier).joined(separator: ", ")
    try writer.execute("insert into \(mapping.table) (\(names)) values \(tuples.joined(separator: ", "))", parameters)
  }

  /// `microseconds` as the timestamp column holds it.
  private func time(_ microseconds: Int64) -> String {
    switch store.timestampUnit {
    case .timestamp: engine.dialect.timestamp(microseconds: microseconds)
    case .microseconds: "\(microseconds)"
    case .milliseconds: "\(microseconds / 1_000)"
    case .seconds: "\(microseconds / 1_000_000)"
    case .nanoseconds: "\(microseconds * 1_000 + 999)"
    }
  }
}
