import FleetSpec
import Glibc
import Store
import World

/// QuestDB's line protocol over TCP.
final class LineProtocolSink: RowSink {
  private let socket: Int32
  private let table: String
  private let url: String
  private var bytes: [UInt8] = []
  private var written: Int64 = 0
  /// A line up to the quality, and after it up to the value, by device and sensor.
  private var heads: [Int: [[UInt8]]] = [:]
  private let qualities: [[UInt8]]

  init(address: String, url: String, fleet: Fleet) throws {
    self.url = url
    table = fleet.pipeline.store?.table ?? "sensor_readings"
    qualities = ([""] + Quality.allCases.map(\.label)).map { Array("\($0) value=".utf8) }
    let connection = try StoreConnection(url: url, password: nil, options: ConnectionOptions(access: .readWrite))
    try connection.execute("drop table if exists \(table)")
    try connection.execute(
      """
      create table \(table) (timestamp timestamp, site_id symbol, asset_id symbol, sensor_type symbol, sensor_id symbol capacity 131072,
      value double, unit symbol, quality_flag symbol, metadata varchar, ingested_at timestamp)
      timestamp(timestamp) partition by day wal
      """)
    let parts = address.split(separator: ":")
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = UInt16(parts.last.flatMap { Int($0) } ?? 9009).bigEndian
    inet_pton(AF_INET, String(parts.first ?? "127.0.0.1"), &target.sin_addr)
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let isConnected = withUnsafePointer(to: target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw SinkError(description: "no connection to \(address)") }
    bytes.reserveCapacity(1 << 21)
  }

  private static func escape(_ text: String) -> String {
    text.map { " ,=".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private func prepare(_ device: Int, _ world: World) {
    let identity = world.devices[device]
    let profile = world.profile(of: device)
    heads[device] = profile.sensors.enumerated().map { index, sensor in
      let tags = [
        ("site_id", identity.siteID), ("asset_id", identity.id), ("sensor_type", sensor.type.rawValue),
        ("sensor_id", identity.sensorID(sensor)), ("unit", profile.appearance(of: index, version: 0).label),
      ]
      return Array(([table] + tags.map { "\($0.0)=\(Self.escape($0.1))" }).joined(separator: ",").utf8) + Array(",quality_flag=".utf8)
    }
  }

  private func number(_ value: Int64, leastDigits: Int = 1) {
    var digits: (UInt64, Int) = (value.magnitude, 0)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
      while digits.0 > 0 || digits.1 < leastDigits {
        buffer[23 - digits.1] = UInt8(48 + digits.0 % 10)
        digits = (digits.0 / 10, digits.1 + 1)
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[(24 - digits.1)..<24]))
    }
  }

  func write(_ row: SinkRow, _ world: World) throws {
    if heads[row.device] == nil { prepare(row.device, world) }
    bytes.append(contentsOf: heads[row.device]?[row.sensor] ?? [])
    bytes.append(contentsOf: qualities[Int(row.quality.rawValue)])
    let scale = Int64(Self.powerOfTen(row.decimals))
    if row.value < 0 { bytes.append(45) }
    number(Int64(row.value.magnitude) / scale)
    bytes.append(46)
    number(Int64(row.value.magnitude) % scale, leastDigits: max(1, row.decimals))
    bytes.append(contentsOf: ",ingested_at=".utf8)
    number(row.arrival)
    bytes.append(contentsOf: "t ".utf8)
    number(row.timestamp)
    bytes.append(contentsOf: "000\n".utf8)
    written += 1
    if bytes.count > 1 << 20 { try flush() }
  }

  private func flush() throws {
    try bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = send(socket, buffer.baseAddress?.advanced(by: done), buffer.count - done, Int32(MSG_NOSIGNAL))
        guard count > 0 else { throw SinkError(description: "QuestDB closed the connection: \(String(cString: strerror(errno)))") }
        done += count
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// Waits until every row is visible.
  func finish() throws {
    try flush()
    close(socket)
    let connection = try StoreConnection(url: url, password: nil)
    var last: Int64 = -1
    while true {
      let count = try connection.query("select count(*) from \(table)").first?.first?.integer ?? 0
      if count >= written { return }
      if count != last { print("  \(count) of \(written) rows visible") }
      last = count
      sleep(2)
    }
  }
}
