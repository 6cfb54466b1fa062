import Store
import StoreFixtures
import Testing

/// A column of a layout.
struct LayoutColumn: Sendable {
  var name: String
  var postgreSQL: String
  var questDB: String
  /// As SQL, of all readings that share the row.
  var value: @Sendable ([StoredReading], Engine) -> String

  func type(_ engine: Engine) -> String { engine == .questDB ? questDB : postgreSQL }

  static func text(
    _ name: String, _ postgreSQL: String = "text", _ questDB: String = "varchar", _ content: @escaping @Sendable (StoredReading) -> String
  )
    -> LayoutColumn
  {
    LayoutColumn(name: name, postgreSQL: postgreSQL, questDB: questDB) { row, _ in "'\(content(row[0]))'" }
  }

  static func number(
    _ name: String, _ postgreSQL: String, _ questDB: String, sensor: String? = nil,
    _ change: @escaping @Sendable (Double) -> Double = { $0 }
  )
    -> LayoutColumn
  {
    LayoutColumn(name: name, postgreSQL: postgreSQL, questDB: questDB) { row, engine in
      guard let value = (sensor.map { name in row.first { $0.sensor == name } } ?? row.first)?.value else { return "null" }
      // QuestDB takes a number with a decimal point for a double, and a decimal for what ends in m.
      return "\(change(value))" + (engine == .questDB && questDB.hasPrefix("decimal") ? "m" : "")
    }
  }

  static let time = LayoutColumn(name: "ts", postgreSQL: "timestamp", questDB: "timestamp") { row, engine in
    engine.dialect.timestamp(microseconds: row[0].time)
  }

  static func time(_ convert: @escaping @Sendable (Int64) -> Int64) -> LayoutColumn {
    LayoutColumn(name: "ts", postgreSQL: "bigint", questDB: "long") { row, _ in "\(convert(row[0].time))" }
  }

  static let sensor = text("sensor_id", "text", "symbol") { $0.sensorID }
  static let value = number("value", "double precision", "double")
  static let common = [
    text("tenant", "text", "symbol") { $0.tenant },
    LayoutColumn(name: "ingested_at", postgreSQL: "timestamp", questDB: "timestamp") { row, engine in
      engine.dialect.timestamp(microseconds: row[0].arrival)
    },
  ]
}

/// One way in which tables look.
struct Layout: Sendable, CustomTestStringConvertible {
  var name: String
  /// Keys of `pipeline.store` besides `url`, `table`, `timestamp` and `ingested_at`.
  var mapping: String
  var columns: [LayoutColumn]
  var isWide = false
  /// Whether digests vouch for values.
  var isDigestible = true
  /// What devices are called.
  var deviceID = "d-{n}"
  var tellsNobody = false

  var testDescription: String { name }

  init(
    _ name: String, _ mapping: String, _ columns: [LayoutColumn], isWide: Bool = false, isDigestible: Bool = true,
    deviceID: String = "d-{n}", tellsNobody: Bool = false
  ) {
    self.name = name
    self.mapping = mapping
    self.columns = columns + LayoutColumn.common
    self.isWide = isWide
    self.isDigestible = isDigestible
    self.deviceID = deviceID
    self.tellsNobody = tellsNobody
  }

  private static let device = LayoutColumn.text("device", "text", "symbol") { $0.device }
  private static let sequence = LayoutColumn(name: "seq", postgreSQL: "bigint", questDB: "long") { row, _ in "\(row[0].sequence)" }
  private static let eventID = LayoutColumn.text("event_id") { $0.eventID }
  private static let temperature = LayoutColumn.number("temp", "double precision", "double", sensor: "temperature")
  private static let humidity = LayoutColumn.number("hum", "double precision", "double", sensor: "humidity")
  private static let payload = LayoutColumn.text("payload") {
    "{\"meta\":{\"id\":\"\($0.eventID)\",\"sensor\":\"\($0.sensorID)\",\"seq\":\($0.sequence)},\"v\":\($0.value.map { "\($0)" } ?? "null")}"
  }
  private static let narrow = "identity: [sensor_id, ts], attributes: {}"

  static let all: [Layout] = [
    Layout("narrow", narrow, [.time, .sensor, .value]),
    Layout(
      "wide, by sensor", "identity: [device, ts], values: {temperature: temp, humidity: hum}", [.time, device, temperature, humidity],
      isWide: true),
    Layout(
      "wide, by type", "identity: {device: device}, values: {TEMPERATURE: temp, HUMIDITY: hum}", [.time, device, temperature, humidity],
      isWide: true),
    Layout(
      "device and sensor's name", "identity: {device: device, sensor_name: metric}, attributes: {}",
      [.time, device, .text("metric", "text", "symbol") { $0.sensor }, .value]),
    Layout("device, seq and sensor", "identity: {sensor: sensor_id, seq: seq}, attributes: {}", [.time, .sensor, sequence, .value]),
    Layout("device and seq alone", "identity: {device: device, seq: seq}, attributes: {}", [.time, device, sequence, .value]),
    Layout("event id and sensor", "identity: {sensor: sensor_id, event_id: event_id}, attributes: {}", [.time, .sensor, eventID, .value]),
    Layout("event id alone", "identity: {event_id: event_id}, attributes: {}", [.time, eventID, .value]),
    Layout(
      "fields of JSON",
      "identity: {sensor: payload->meta->sensor, event_id: payload->meta->id}, values: {value: payload->v}, attributes: {}",
      [.time, payload]),
    Layout("event id in JSON alone", "identity: {event_id: payload->meta->id}, attributes: {}", [.time, payload, .value]),
    Layout("seq in JSON", "identity: {sensor: sensor_id, seq: payload->meta->seq}, attributes: {}", [.time, .sensor, payload, .value]),
    Layout("seconds", narrow + ", timestamp_unit: s", [.time { $0 / 1_000_000 }, .sensor, .value]),
    Layout("milliseconds", narrow + ", timestamp_unit: ms", [.time { $0 / 1_000 }, .sensor, .value]),
    Layout("microseconds", narrow + ", timestamp_unit: us", [.time { $0 }, .sensor, .value]),
    Layout("nanoseconds", narrow + ", timestamp_unit: ns", [.time { $0 * 1_000 }, .sensor, .value]),
    Layout("float32", narrow + ", tolerance: float32", [.time, .sensor, .number("value", "real", "float")]),
    Layout("decimal", narrow, [.time, .sensor, .number("value", "numeric(12,3)", "decimal(12,3)")]),
    Layout(
      "whole numbers", narrow + ", tolerance: {absolute: 0.5}", [.time, .sensor, .number("value", "bigint", "long") { $0.rounded() }],
      isDigestible: false),
    Layout(
      "a little off", narrow + ", tolerance: {absolute: 0.004}",
      [.time, .sensor, .number("value", "double precision", "double") { $0 + 0.003 }]),
    Layout(
      "relative", narrow + ", tolerance: {relative: 0.1 %}",
      [.time, .sensor, .number("value", "double precision", "double") { $0 * 1.0005 }],
      isDigestible: false),
    Layout(
      "UUID", "identity: [device, ts], values: {temperature: temp, humidity: hum}",
      [.time, .text("device", "uuid", "uuid") { $0.device }, temperature, humidity], isWide: true,
      deviceID: "0b54ae57-5e4c-4a4e-8d4c-abc{n:9}"),
    Layout("shared", narrow + ", filter: {tenant: [demo, \"it's\"]}", [.time, .sensor, .value]),
    Layout("nobody's", "identity: none, filter: {tenant: demo}", [.time, .value], tellsNobody: true),
  ]
}
