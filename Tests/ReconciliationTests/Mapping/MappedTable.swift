import FleetSpec
import Foundation
import Reconciliation
import Store
import StoreFixtures
import World

/// One reading as a table may hold it.
struct StoredReading {
  var device: String
  var sensor: String
  var boot: Int32
  var sequence: Int64
  /// Microseconds since 1970.
  var time: Int64
  var value: Double?
  var tenant = "demo"

  var sensorID: String { "\(device).\(sensor)" }
  var eventID: String { "\(device):\(boot):\(sequence)" }
  /// Microseconds since 1970.
  var arrival: Int64 { 1_782_000_030_000_000 }
}

/// A table that looks as a layout says, dropped at the end of the test.
final class MappedTable {
  let layout: Layout
  let engine: Engine
  let name: String
  let writer: StoreConnection

  /// - Parameter options: what stands behind QuestDB's partitioning.
  init(_ layout: Layout, _ engine: Engine, options: String = "") throws {
    self.layout = layout
    self.engine = engine
    name = "mapped_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
    writer = try engine.connect(.readWrite)
    let columns = layout.columns.map { "\(engine.dialect.identifier($0.name)) \($0.type(engine))" }.joined(separator: ", ")
    let time = layout.columns.contains { $0.name == "ts" && $0.type(engine).hasPrefix("timestamp") } ? "ts" : "ingested_at"
    try writer.execute(
      "create table \(name) (\(columns))" + (engine == .questDB ? " timestamp(\(time)) partition by day wal \(options)" : ""))
  }

  deinit { try? writer.execute("drop table \(name)") }

  func insert(_ readings: [StoredReading]) throws {
    let rows = layout.isWide ? merged(readings) : readings.map { [$0] }
    let names = layout.columns.map { engine.dialect.identifier($0.name) }.joined(separator: ", ")
    let tuples = rows.map { row in "(" + layout.columns.map { $0.value(row, engine) }.joined(separator: ", ") + ")" }
    // Not waited for: reconciliation has to see that everything is visible.
    try writer.execute("insert into \(name) (\(names)) values \(tuples.joined(separator: ", "))")
  }

  /// One row for each device and instant; what does not fit into a row any more begins another.
  private func merged(_ readings: [StoredReading]) -> [[StoredReading]] {
    var rows: [[StoredReading]] = []
    for reading in readings {
      let index = rows.firstIndex { row in
        row[0].device == reading.device && row[0].time == reading.time && !row.contains { $0.sensor == reading.sensor }
      }
      if let index { rows[index].append(reading) } else { rows.append([reading]) }
    }
    return rows
  }

  func store(for history: History) throws -> TableRowStore {
    guard let mapping = history.world.fleet.pipeline.store else { throw FixtureError("the fleet has no store") }
    return try TableRowStore(engine.connect(), mapping, world: history.world)
  }
}

extension History {
  /// The reading as an honest pipeline stores it.
  func stored(_ device: Int, _ seq: Int64) -> StoredReading {
    let reading = readings[device][Int(seq)]
    let sensor = world.profile(of: device).sensors[Int(reading.sensor)]
    return StoredReading(
      device: world.devices[device].id, sensor: sensor.name, boot: reading.boot, sequence: reading.sequence,
      time: reading.timestamp * 1_000, value: row(device, seq).value)
  }
}
