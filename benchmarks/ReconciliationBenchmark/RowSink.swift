import CPQ
import FleetSpec
import Glibc
import Store
import World

/// A row to be written.
struct SinkRow {
  var device: Int
  var sensor: Int
  /// Microseconds since 1970.
  var timestamp: Int64
  var value: Int64
  var decimals: Int
  var quality: Quality
  /// Microseconds since 1970.
  var arrival: Int64
}

struct SinkError: Error, CustomStringConvertible {
  let description: String
}

/// Where rows go, as fast as possible.
protocol RowSink: AnyObject {
  func write(_ row: SinkRow, _ world: World) throws
  func finish() throws
}

extension RowSink {
  static func powerOfTen(_ decimals: Int) -> Double { [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000][decimals] }
}

/// PostgreSQL's COPY in binary.
final class CopySink: RowSink {
  private let connection: OpaquePointer
  private var bytes: [UInt8] = []
  /// The fields of a sensor that never change, as COPY wants them: site to identity.
  private var constants: [Int: [[UInt8]]] = [:]
  private let qualities: [[UInt8]]

  init(url: String, fleet: Fleet) throws {
    guard let connection = PQconnectdb(url), PQstatus(connection) == CONNECTION_OK else {
      throw SinkError(description: "no connection to \(url)")
    }
    self.connection = connection
    qualities = ([""] + Quality.allCases.map(\.label)).map(Self.field)
    bytes.reserveCapacity(1 << 21)
    let table = fleet.pipeline.store?.table ?? "sensor_readings"
    try execute("drop table if exists \(table)")
    try execute(
      """
      create unlogged table \(table) (timestamp timestamp not null, site_id text, asset_id text, sensor_type text, sensor_id text,
      value double precision, unit text, quality_flag text, metadata text, ingested_at timestamp)
      """)
    let columns = "timestamp, site_id, asset_id, sensor_type, sensor_id, unit, quality_flag, value, ingested_at"
    guard let result = PQexec(connection, "copy \(table) (\(columns)) from stdin (format binary)"), PQresultStatus(result) == PGRES_COPY_IN
    else { throw failure }
    PQclear(result)
    bytes += Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  }

  deinit { PQfinish(connection) }

  private var failure: SinkError { SinkError(description: String(cString: PQerrorMessage(connection))) }

  private func execute(_ sql: String) throws {
    let result = PQexec(connection, sql)
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure }
  }

  private static func field(_ text: String) -> [UInt8] {
    withUnsafeBytes(of: Int32(text.utf8.count).bigEndian) { Array($0) } + Array(text.utf8)
  }

  private func number(_ value: Int64) {
    withUnsafeBytes(of: Int32(8).bigEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  func write(_ row: SinkRow, _ world: World) throws {
    if constants[row.device] == nil { prepare(row.device, world) }
    bytes.append(0)
    bytes.append(9)
    number(row.timestamp - 946_684_800_000_000)
    bytes.append(contentsOf: constants[row.device]?[row.sensor] ?? [])
    bytes.append(contentsOf: qualities[Int(row.quality.rawValue)])
    number(Int64(bitPattern: (Double(row.value) / Self.powerOfTen(row.decimals)).bitPattern))
    number(row.arrival - 946_684_800_000_000)
    if bytes.count > 1 << 20 { try flush() }
  }

  private func prepare(_ device: Int, _ world: World) {
    let identity = world.devices[device]
    let profile = world.profile(of: device)
    constants[device] = profile.sensors.enumerated().map { index, sensor in
      [
        identity.siteID, identity.id, sensor.type.rawValue, identity.sensorID(sensor), profile.appearance(of: index, version: 0).label,
      ].map(Self.field).reduce([], +)
    }
  }

  private func flush() throws {
    let sent = bytes.withUnsafeBytes { buffer in
      PQputCopyData(connection, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
    }
    guard sent == 1 else { throw failure }
    bytes.removeAll(keepingCapacity: true)
  }

  func finish() throws {
    bytes += [0xFF, 0xFF]
    try flush()
    guard PQputCopyEnd(connection, nil) == 1 else { throw failure }
    while let result = PQgetResult(connection) {
      let status = PQresultStatus(result)
      PQclear(result)
      guard status == PGRES_COMMAND_OK else { throw failure }
    }
    try execute("analyze")
  }
}
