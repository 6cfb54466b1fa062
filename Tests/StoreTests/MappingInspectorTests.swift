import FleetSpec
import Foundation
import Store
import StoreFixtures
import Testing

/// What `doctor` says of mappings, types, keys and QuestDB's own ways, against real tables.
@Suite struct MappingInspectorTests {
  /// A fleet whose store is the given mapping.
  static func fleet(_ mapping: String, pipeline: String = "", profile: String = "") throws -> Fleet {
    let folder = NSTemporaryDirectory() + "heliograph-inspect-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = """
      fleet: inspected
      duration: 10m
      sites: [{id: s1, latitude: 40, longitude: 3}]
      devices: [{profile: simple, count: 2, id: "d-{n}"}]
      profiles:
        simple:
          interval: 1s
          sensors: [{name: temperature, measures: ambient_temperature, decimals: 2, range: [-40, 80]}]
      \(profile)
      pipeline:
        store: {url: "postgresql:///qdb", ingested_at: none, \(mapping)}
      \(pipeline)
      """
    try text.write(toFile: folder + "/fleet.yaml", atomically: true, encoding: .utf8)
    return try FleetLoader.loadFleet(path: folder + "/fleet.yaml").fleet
  }

  /// The findings about a table.
  /// - Parameters:
  ///   - columns: with QuestDB's types; PostgreSQL's are put in their place.
  ///   - options: what stands behind QuestDB's partitioning.
  private func findings(
    _ engine: Engine, _ columns: String, _ mapping: String, pipeline: String = "", profile: String = "", options: String = "",
    rows: [String] = [], after: (StoreConnection, String) throws -> Void = { _, _ in }
  ) throws -> [StoreFinding] {
    let name = "inspected_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
    let writer = try engine.connect(.readWrite)
    defer { try? writer.execute("drop table \(name)") }
    let types = [("symbol", "text"), ("double", "double precision"), ("long", "bigint"), ("float", "real"), ("decimal(", "numeric(")]
    let translated = engine == .questDB ? columns : types.reduce(columns) { $0.replacing($1.0, with: $1.1) }
    try writer.execute(
      "create table \(name) (\(translated))" + (engine == .questDB ? " timestamp(ts) partition by day wal \(options)" : ""))
    for row in rows { try writer.execute("insert into \(name) values (\(row))") }
    try WriteAheadLog.wait(forTable: name, on: writer)
    try after(writer, name)
    let time = mapping.contains("device_ts") ? "device_ts" : "ts"
    let fleet = try Self.fleet("table: \(name), timestamp: \(time), \(mapping)", pipeline: pipeline, profile: profile)
    guard let store = fleet.pipeline.store else { return [] }
    let findings = try StoreInspector(engine.connect(), store, fleet: fleet).inspect().findings
    for finding in findings { print("doctor, \(engine): \(finding)".replacing(name, with: "T")) }
    return findings
  }

  private static let narrow = "identity: [sensor_id, ts], attributes: {}"
  private static let forever = "  dedup: {keys: [sensor_id, timestamp], window: forever}"

  @Test(arguments: Engine.available) func roundingTypesAreNamedWithWhatIsLost(engine: Engine) throws {
    let float = try findings(engine, "ts timestamp, sensor_id symbol, value float", Self.narrow)
    #expect(float.contains { $0.found.contains("24 binary digits") && $0.fix.contains("float32") })
    #expect(try findings(engine, "ts timestamp, sensor_id symbol, value float", Self.narrow + ", tolerance: float32").isEmpty)
    let whole = try findings(engine, "ts timestamp, sensor_id symbol, value long", Self.narrow)
    #expect(whole.contains { $0.found.contains("temperature sends 2 decimal places") })
    #expect(whole.contains { $0.found.contains("reads as NULL") } == (engine == .questDB))
    let decimal = try findings(engine, "ts timestamp, sensor_id symbol, value decimal(10,1)", Self.narrow)
    #expect(decimal.contains { $0.found.contains("2 decimal places") })
    #expect(try findings(engine, "ts timestamp, sensor_id symbol, value decimal(10,2)", Self.narrow).isEmpty)
  }

  @Test(arguments: Engine.available) func wideTablesAreCheckedColumnByColumn(engine: Engine) throws {
    let found = try findings(engine, "ts timestamp, device symbol, temp double", "identity: [devise, ts], values: {temperature: tmp}")
    #expect(found.map(\.subject) == ["store.identity.device: devise", "store.values.temperature: tmp"])
    #expect(found.map(\.fix) == ["did you mean device?", "did you mean temp?"])
  }

  @Test(arguments: Engine.available) func fieldsThatAreNotThereAreNamed(engine: Engine) throws {
    let columns = "ts timestamp, payload \(engine == .questDB ? "varchar" : "text"), value double"
    let time = engine.dialect.timestamp(microseconds: TestRow.start)
    let row = "\(time), '{\"meta\":{\"id\":\"d-1:1:0\"}}', 1.0"
    let mapping = "identity: {event_id: payload->meta->"
    let missing = try findings(engine, columns, mapping + "eventid}, attributes: {}", rows: [row])
    #expect(missing.contains { $0.subject == "store.identity.event_id: payload->meta->eventid" && $0.found.hasPrefix("no such field") })
    let there = try findings(engine, columns, mapping + "id}, attributes: {}", rows: [row])
    #expect(there.map(\.subject) == ["store.identity"], "only that the sensor is not told")
    let number = try findings(engine, columns, "identity: {event_id: value->id}, attributes: {}", rows: [row])
    #expect(number.contains { $0.severity == .problem && $0.fix.contains("without '->'") })
    let broken = try findings(engine, columns, mapping + "id}, attributes: {}", rows: [row, "\(time), 'no JSON', 1.0"])
    #expect(broken.contains { $0.severity == .problem && $0.found.contains("is no JSON") } == (engine == .postgreSQL))
  }

  @Test(arguments: Engine.available) func filtersThatFindNothingAreNamed(engine: Engine) throws {
    let columns = "ts timestamp, sensor_id symbol, value double, tenant symbol, shard long, live boolean"
    let row = "\(engine.dialect.timestamp(microseconds: TestRow.start)), 'd-1.temperature', 1.0, 'demo', 3, true"
    for filter in ["{tenant: demo}", "{shard: 3}", "{live: true}", "{tenant: [x, demo], shard: [1, 3], live: true}"] {
      #expect(try findings(engine, columns, Self.narrow + ", filter: \(filter)", rows: [row]).isEmpty, "\(filter)")
    }
    for filter in ["{tenant: Demo}", "{shard: 4}", "{live: false}"] {
      let found = try findings(engine, columns, Self.narrow + ", filter: \(filter)", rows: [row])
      #expect(found.map(\.subject) == ["store.filter"] && found.first?.severity == .advice, "\(filter)")
    }
    let injection = try findings(engine, columns, Self.narrow + ", filter: {tenant: \"x' or '1'='1\"}", rows: [row])
    #expect(injection.map(\.found) == ["no row that meets it in a table that has rows"])
    if engine == .questDB {
      let wrong = try findings(engine, columns, Self.narrow + ", filter: {shard: three}", rows: [row])
      #expect(wrong.first?.severity == .problem && wrong.first?.found.contains("expected a whole number") == true)
    }
  }

  @Test(arguments: Engine.available) func whatTellsNobodyIsSaid(engine: Engine) throws {
    let found = try findings(engine, "ts timestamp, value double, event_id symbol", "identity: none")
    #expect(found.contains { $0.subject == "store.identity: none" && $0.fix.contains("event_id") })
    let seq = try findings(
      engine, "ts timestamp, device symbol, seq long, value double", "identity: {device: device, seq: seq}, attributes: {}",
      profile: "    sequence: reset")
    #expect(seq.contains { $0.subject == "store.identity.seq" })
  }

  @Test(arguments: Engine.available) func theStoresKeyIsComparedWithTheContract(engine: Engine) throws {
    let columns = "ts timestamp, sensor_id symbol, value double, tenant symbol, event_id symbol"
    func found(_ key: String, _ pipeline: String, _ mapping: String = Self.narrow) throws -> [StoreFinding] {
      try findings(engine, columns, mapping, pipeline: pipeline, options: "dedup upsert keys(\(key))") { writer, name in
        if engine == .postgreSQL { try writer.execute("create unique index on \(name) (\(key))") }
      }
    }
    #expect(try found("ts, sensor_id", Self.forever).isEmpty)
    #expect(try found("ts, sensor_id", "").contains { $0.found.contains("for a while only") })
    #expect(try found("ts, sensor_id", "  dedup: none").contains { $0.found.contains("dedup: none") })
    #expect(try found("ts, tenant", Self.forever).contains { $0.found.contains("does not tell sensors apart") })
    #expect(try found("ts, sensor_id, tenant", Self.forever).contains { $0.found.contains("tenant is no part of a reading's identity") })
    let byID = "identity: {sensor: sensor_id, event_id: event_id}, attributes: {}"
    #expect(try found("ts, sensor_id, event_id", Self.forever, byID).contains { $0.fix.contains("[event_id]") })
    #expect(try found("ts, sensor_id, event_id", "  dedup: {keys: [event_id], window: forever}", byID).isEmpty)
    let without = try findings(engine, columns, Self.narrow, pipeline: Self.forever)
    #expect(
      without.contains { $0.found.hasPrefix("no DEDUP UPSERT KEYS") && $0.fix.contains("UPSERT KEYS(\"ts\", \"sensor_id\")") }
        == (engine == .questDB))
  }

  @Test(.enabled(if: Engine.questDBURL != nil, "QuestDB tests need HELIOGRAPH_TEST_QUESTDB"))
  func questDBsTimeIsLookedAt() throws {
    let columns = "ts timestamp, sensor_id symbol, value double, received timestamp"
    let at = { (microseconds: Int64) in Dialect.questDB.timestamp(microseconds: microseconds) }
    let early = try findings(
      .questDB, columns, Self.narrow, rows: ["\(at(1_782_000_000)), 'd-1.temperature', 1.0, null"])
    #expect(early.contains { $0.found == "rows in 1970 or 1971" })
    let future = try findings(
      .questDB, columns, Self.narrow, options: "", rows: ["\(at(4_102_444_800_000_000)), 'd-1.temperature', 1.0, null"])
    #expect(future.contains { $0.found.hasPrefix("rows in the future, the latest at 2100-01-01") })
    let short = try findings(.questDB, columns, Self.narrow, pipeline: "  allowed_lateness: 3d") { writer, name in
      try writer.execute("alter table \(name) set ttl 2 days")
    }
    #expect(short.contains { $0.found.hasPrefix("a TTL of 2 DAY") })
    let other = try findings(.questDB, columns, Self.narrow)
    #expect(other.isEmpty)
    let swapped = try findings(
      .questDB, "ts timestamp, device_ts timestamp, sensor_id symbol, value double", "identity: [sensor_id, device_ts], attributes: {}")
    #expect(swapped.contains { $0.found == "a table that is stored by ts" })
  }
}
