import FleetSpec

/// A table, or a part of it, as rows of single readings: everything that asks for rows or digests is built on these, whatever the table
/// looks like.
///
/// A wide table in PostgreSQL is one source whose columns are turned into rows by a lateral join, so that it is read once. In QuestDB it is one
/// source for each column: QuestDB digests in parallel only what it scans plainly, and reads no more than the columns that it is asked for.
struct RowSource: Sendable {
  /// What stands behind `from`.
  let table: String
  /// What every row of the source meets; nil when all rows of the table do.
  let condition: String?
  /// What to group by to tell sensors apart.
  let key: String
  /// What to put behind the key for the sensor's identity, usually nothing.
  let suffix: String
  /// The value as a double, as it stands in the table.
  let value: String
  /// How rows of some sensors are chosen.
  let choice: Choice

  enum Choice: Sendable {
    /// By an expression that is `<device>.<sensor>`.
    case sensor(String)
    /// By the device alone, where the sensor is certain.
    case device(String)
    /// By both: the first finds rows fast.
    case deviceAndSensor(device: String, sensor: String)
    /// Rows do not tell.
    case none
  }
}

extension TableMapping {
  static func sources(
    _ store: StoreMapping, _ columns: ColumnExpressions, table: String, filter: String?
  ) throws(StoreError) -> [RowSource] {
    let identity = store.identity
    if store.isWide, let device = identity.device { return try wide(store, columns, device: device, table: table, filter: filter) }
    let value = store.values.first.map { columns.double($0.column) } ?? "null"
    func source(_ key: String, _ choice: RowSource.Choice) -> RowSource {
      RowSource(table: table, condition: filter, key: key, suffix: "", value: value, choice: choice)
    }
    if let sensor = identity.sensor { return [source(columns.text(sensor), .sensor(columns.bare(sensor)))] }
    if let device = identity.device, let name = identity.sensorName {
      let sensor = columns.joined([columns.text(device), "'.'", columns.text(name)])
      return [source(sensor, .deviceAndSensor(device: columns.bare(device), sensor: sensor))]
    }
    if let device = identity.device { return [source(columns.text(device), .device(columns.bare(device)))] }
    if let eventID = identity.eventID {
      let device = columns.part(1, of: columns.text(eventID), separator: ":")
      return [source(device, .device(device))]
    }
    return [source("''", .none)]
  }

  private static func wide(
    _ store: StoreMapping, _ columns: ColumnExpressions, device: ColumnReference, table: String, filter: String?
  ) throws(StoreError) -> [RowSource] {
    let dialect = columns.dialect
    let text = columns.text(device)
    let bare = columns.bare(device)
    var named: [(suffix: String, value: String)] = []
    for column in store.values { named.append(("." + (column.sensors.first ?? ""), columns.double(column.column))) }
    func all(_ conditions: [String?]) -> String { conditions.compactMap { $0 }.joined(separator: " and ") }
    switch dialect {
    case .questDB:
      return named.map { name, value in
        RowSource(
          table: table, condition: all([filter, "\(value) is not null"]), key: text, suffix: name, value: value, choice: .device(bare))
      }
    case .postgreSQL:
      var rows: [String] = []
      for (name, value) in named { rows.append("(\(try dialect.text(name)), \(value))") }
      let sensor = columns.joined([text, "heliograph.suffix"])
      return [
        RowSource(
          table: "\(table) cross join lateral (values \(rows.joined(separator: ", "))) as heliograph(suffix, reading)",
          condition: all([filter, "heliograph.reading is not null"]), key: sensor, suffix: "", value: "heliograph.reading",
          choice: .deviceAndSensor(device: bare, sensor: sensor))
      ]
    }
  }
}
