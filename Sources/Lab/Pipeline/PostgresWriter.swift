import Foundation

/// Stores batches by binary COPY.
///
/// A batch and its number are one transaction, which begins by counting the number in `heliograph_pipeline` up by one, only if it still is
/// the number before. That row's lock makes the outcome of a lost connection certain: the next attempt waits until the server has ended the
/// old transaction, and then either finds the number as it was and stores the batch, or finds it counted up and knows that it is there.
struct PostgresWriter: StoreWriter {
  private let settings: LabState.Store
  private let password: String
  private var connection: PostgresConnection?
  /// The number of the last batch that is known to be stored.
  private var number: Int64 = 0

  init(_ settings: LabState.Store, password: String) {
    self.settings = settings
    self.password = password
  }

  static func schema(table: String) -> [String] {
    [
      """
      CREATE TABLE IF NOT EXISTS \(table) (timestamp timestamp NOT NULL, site_id text, asset_id text, sensor_type text, sensor_id text,
        value double precision, unit text, quality_flag text, metadata text, ingested_at timestamp)
      """,
      "CREATE INDEX IF NOT EXISTS \(table)_identity ON \(table) (sensor_id, timestamp)",
      "CREATE TABLE IF NOT EXISTS heliograph_pipeline (id integer PRIMARY KEY CHECK (id = 1), batch bigint NOT NULL)",
      "INSERT INTO heliograph_pipeline VALUES (1, 0) ON CONFLICT DO NOTHING",
    ]
  }

  var resumeMark: Int64 {
    get { number }
    set { number = newValue }
  }

  private func translate<R>(_ body: () throws(PostgresConnection.Failure) -> R) throws(StoreFailure) -> R {
    do throws(PostgresConnection.Failure) {
      return try body()
    } catch {
      throw StoreFailure(description: error.description, connectionLost: error.connectionLost)
    }
  }

  mutating func connect() throws(StoreFailure) {
    connection = nil
    let first = number == 0
    let (made, found) = try translate { () throws(PostgresConnection.Failure) in
      let made = try PostgresConnection(settings, password: password)
      let rows = try first ? made.execute("SELECT batch FROM heliograph_pipeline") : []
      return (made, rows.first?.first.flatMap { $0 }.flatMap { Int64($0) })
    }
    if first, let found { number = found }
    connection = made
  }

  mutating func store(_ batch: Batch) throws(StoreFailure) {
    guard let connection else { throw StoreFailure(description: "not connected", connectionLost: true) }
    let statement = "COPY \(settings.table) (\(RowEncoder.columns)) FROM STDIN WITH (FORMAT binary)"
    let current = number
    try translate { () throws(PostgresConnection.Failure) in
      try connection.execute("BEGIN")
      do throws(PostgresConnection.Failure) {
        let counted = try connection.change("UPDATE heliograph_pipeline SET batch = \(current + 1) WHERE batch = \(current)")
        if counted == 1 {
          try connection.copy(statement, [RowEncoder.binaryHeader, batch.bytes, RowEncoder.binaryTrailer])
        } else {
          let found = try connection.execute("SELECT batch FROM heliograph_pipeline").first?.first.flatMap { $0 } ?? "nothing"
          guard found == String(current + 1) else {
            throw PostgresConnection.Failure(
              description:
                "heliograph_pipeline.batch is \(found), expected \(current) or \(current + 1): does a second pipeline write here?",
              connectionLost: false)
          }
        }
        try connection.execute("COMMIT")
      } catch {
        if !error.connectionLost { _ = try? connection.execute("ROLLBACK") }
        throw error
      }
    }
    number += 1
  }

  mutating func readKeys(_ body: (UnsafeRawBufferPointer, Int64, Int64) -> Void) throws(StoreFailure) {
    guard let connection else { throw StoreFailure(description: "not connected", connectionLost: true) }
    let sql = """
      SELECT sensor_id, (extract(epoch from timestamp) * 1000000)::bigint, (extract(epoch from ingested_at) * 1000000)::bigint
      FROM \(settings.table)
      """
    try translate { () throws(PostgresConnection.Failure) in try connection.stream(sql) { field in KeyRow.read(field, body) } }
  }
}

/// A row of `readKeys`: three columns of text.
enum KeyRow {
  static func read(_ field: (Int32) -> UnsafePointer<CChar>, _ body: (UnsafeRawBufferPointer, Int64, Int64) -> Void) {
    let sensor = field(0)
    body(UnsafeRawBufferPointer(start: sensor, count: strlen(sensor)), strtoll(field(1), nil, 10), strtoll(field(2), nil, 10))
  }
}
