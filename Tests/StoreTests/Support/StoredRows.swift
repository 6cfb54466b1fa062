import Store
import StoreFixtures

/// Fetches rows of a table that maps site and quality, in the order of their timestamps.
func storedRows(_ query: RowQuery, _ engine: Engine) throws -> [TestRow] {
  var rows: [TestRow] = []
  try query.forEachRow(on: engine.connect()) { row in
    rows.append(
      TestRow(
        time: try row.timestampMicroseconds ?? -1, sensor: try row.sensorID ?? "NULL", value: try row.value,
        quality: try row.attribute(1), site: try row.attribute(0) ?? "NULL", arrival: try row.ingestedAtMicroseconds))
  }
  return rows.sorted { ($0.time, $0.sensor) < ($1.time, $1.sensor) }
}
