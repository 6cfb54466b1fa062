import CCurl
import Foundation

/// Stores batches by the line protocol over HTTP, one request and so one transaction a batch.
///
/// A request whose answer never came may have been stored. All rows of a batch lie between two times of arrival that no other batch
/// reaches into; so before a batch is sent again, `wait_wal_table` lets the store catch up and the rows between these times are counted.
struct QuestDBWriter: StoreWriter {
  private let settings: LabState.Store
  private let password: String
  private var connection: PostgresConnection?
  private let curl: UnsafeMutableRawPointer?
  private var outcomeUnknown = false

  init(_ settings: LabState.Store, password: String) {
    self.settings = settings
    self.password = password
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    curl = curl_easy_init()
  }

  /// Always 1: the outcome of a batch that another process tried is unknown.
  var resumeMark: Int64 {
    get { 1 }
    set { outcomeUnknown = newValue == 1 }
  }

  static func schema(table: String) -> String {
    """
    CREATE TABLE IF NOT EXISTS \(table) (timestamp TIMESTAMP, site_id SYMBOL, asset_id SYMBOL, sensor_type SYMBOL, sensor_id SYMBOL,
      value DOUBLE, unit SYMBOL, quality_flag SYMBOL, metadata VARCHAR, ingested_at TIMESTAMP)
      TIMESTAMP(timestamp) PARTITION BY DAY WAL
    """
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
    connection = try translate { () throws(PostgresConnection.Failure) in
      let made = try PostgresConnection(settings, password: password)
      try made.execute(Self.schema(table: settings.table))
      return made
    }
  }

  mutating func store(_ batch: Batch) throws(StoreFailure) {
    if outcomeUnknown {
      // The connection for questions idles between troubles, and QuestDB closes idle ones.
      try connect()
      let found = try countRows(batch)
      guard found == 0 || found == batch.rows else {
        throw StoreFailure(
          description: "\(found) of the \(batch.rows) rows of a batch are stored; a batch is all or nothing", connectionLost: false)
      }
      outcomeUnknown = false
      if found == batch.rows { return }
    }
    do throws(StoreFailure) {
      try post(batch.bytes)
    } catch {
      if error.connectionLost { outcomeUnknown = true }
      throw error
    }
  }

  private func countRows(_ batch: Batch) throws(StoreFailure) -> Int {
    guard let connection else { throw StoreFailure(description: "not connected", connectionLost: true) }
    let rows = try translate { () throws(PostgresConnection.Failure) in
      try connection.execute("select wait_wal_table('\(settings.table)')")
      return try connection.execute(
        "select count() from \(settings.table) where cast(ingested_at as long) between \(batch.firstIngested) and \(batch.lastIngested)")
    }
    guard let count = rows.first?.first.flatMap({ $0 }).flatMap({ Int($0) }) else {
      throw StoreFailure(description: "QuestDB did not count the rows of a batch", connectionLost: false)
    }
    return count
  }

  private func post(_ lines: [UInt8]) throws(StoreFailure) {
    guard let curl else {
      throw StoreFailure(description: "libcurl cannot be used", connectionLost: false)
    }
    var answer: [UInt8] = []
    let url = "\(settings.httpAddress ?? "")/write?precision=u"
    let result = lines.withUnsafeBytes { buffer -> CURLcode in
      withUnsafeMutablePointer(to: &answer) { body in
        curl_set_string(curl, CURLOPT_URL, url)
        curl_set_long(curl, CURLOPT_POST, 1)
        curl_set_long(curl, CURLOPT_POSTFIELDSIZE, buffer.count)
        curl_set_pointer(curl, CURLOPT_POSTFIELDS, buffer.baseAddress)
        curl_set_long(curl, CURLOPT_NOSIGNAL, 1)
        curl_set_long(curl, CURLOPT_CONNECTTIMEOUT, 5)
        curl_set_long(curl, CURLOPT_TIMEOUT, 60)
        curl_set_string(curl, CURLOPT_USERNAME, settings.user)
        curl_set_string(curl, CURLOPT_PASSWORD, password)
        curl_set_string(curl, CURLOPT_PROXY, "")
        curl_set_body_callback(curl, collectAnswer, body)
        return curl_easy_perform(curl)
      }
    }
    guard result == CURLE_OK else {
      let reason = String(cString: curl_easy_strerror(result))
      // A connection that never came about has certainly stored nothing, but nothing is lost by asking.
      throw StoreFailure(description: "QuestDB at \(settings.httpAddress ?? ""): \(reason)", connectionLost: true)
    }
    var code = 0
    curl_response_code(curl, &code)
    guard code == 204 || code == 200 else {
      throw StoreFailure(
        description: "QuestDB answered \(code) to a batch: \(String(decoding: answer.prefix(500), as: UTF8.self))",
        connectionLost: code >= 500)
    }
  }

  mutating func readKeys(_ body: (UnsafeRawBufferPointer, Int64, Int64) -> Void) throws(StoreFailure) {
    guard let connection else { throw StoreFailure(description: "not connected", connectionLost: true) }
    let sql = "select sensor_id, cast(timestamp as long) as t, cast(ingested_at as long) as i from \(settings.table)"
    try translate { () throws(PostgresConnection.Failure) in
      try connection.execute("select wait_wal_table('\(settings.table)')")
      try connection.stream(sql) { field in KeyRow.read(field, body) }
    }
  }
}

private func collectAnswer(data: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?) -> Int {
  let body = context?.assumingMemoryBound(to: [UInt8].self)
  body?.pointee.append(contentsOf: UnsafeRawBufferPointer(start: data, count: size * count))
  return size * count
}
