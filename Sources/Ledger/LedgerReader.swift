import FleetSpec

/// Reads a ledger, that of a finished run or of one that was killed.
public final class LedgerReader {
  private let database: Database
  private let deliveriesOfDevice: Statement
  /// Nil in a ledger that is too old to hold digests.
  private let digestsOfDevice: Statement?

  /// - Throws: `LedgerError` when the file is missing, no ledger, or of a newer version.
  public init(path: String) throws {
    // A killed run leaves a write-ahead log; only a connection that may write can take it in.
    database = try Database(path: path, access: .readWrite)
    do {
      let version = try database.prepare("PRAGMA user_version")
      guard try version.next() else { throw LedgerError("\(path) is not a ledger") }
      let found = version.integer(0)
      guard (Schema.oldestVersion...Schema.version).contains(found) else {
        throw LedgerError(
          "\(path) has ledger version \(found); this heliograph reads versions \(Schema.oldestVersion) to \(Schema.version)")
      }
      version.reset()
      deliveriesOfDevice = try database.prepare(
        """
        SELECT device, run, first_seq, last_seq, outcome, attempts, first_sent, last_sent, acknowledged_at, delay_min, delay_max, \(found == 1 ? "1" : "ids")
        FROM deliveries WHERE device = ? AND last_seq >= ? ORDER BY first_seq
        """)
      digestsOfDevice =
        found < 3
        ? nil
        : try database.prepare(
          "SELECT first_seq, last_seq, bucket, version, left_out, sums FROM digests WHERE device = ? ORDER BY first_seq")
    } catch let error as LedgerError where error.code != 0 {
      throw LedgerError("\(path) is not a readable ledger: \(error.description)", code: error.code)
    }
  }

  /// A row of the table `run`.
  public func fact(_ key: String) throws -> String? {
    let statement = try database.prepare("SELECT value FROM run WHERE key = ?")
    statement.bind(1, key)
    return try statement.next() ? statement.text(0) : nil
  }

  /// A row of the table `run` that holds a whole number.
  public func number(_ key: String) throws -> Int64? {
    try fact(key).flatMap { Int64($0) }
  }

  /// Sets a row of the table `run`.
  public func set(_ key: String, to value: Int64) throws {
    try database.prepare("INSERT OR REPLACE INTO run VALUES (?, ?)").bind(1, key).bind(2, String(value)).run()
  }

  /// How many readings each device had measured when the run ended; zeros for a run that was killed.
  public func measured() throws -> [Int64] {
    let statement = try database.prepare("SELECT measured FROM devices ORDER BY device")
    var counts: [Int64] = []
    while try statement.next() { counts.append(statement.integer(0)) }
    return counts
  }

  /// The deliveries of one device in the order of their readings.
  /// - Parameter seq: those of earlier readings alone are left out.
  public func deliveries(of device: Int, from seq: Int64 = 0) throws -> [DeliveryRun] {
    deliveriesOfDevice.bind(1, Int64(device)).bind(2, seq)
    var runs: [DeliveryRun] = []
    while try deliveriesOfDevice.next() {
      let row = deliveriesOfDevice
      runs.append(
        DeliveryRun(
          device: Int32(row.integer(0)), run: Int32(row.integer(1)), firstSeq: row.integer(2), lastSeq: row.integer(3),
          outcome: UInt8(row.integer(4)), attempts: Int32(row.integer(5)), firstSent: row.integer(6), lastSent: row.integer(7),
          acknowledgedAt: row.integer(8), delayMinimum: row.integer(9), delayMaximum: row.integer(10),
          ids: Int32(row.integer(11))))
    }
    return runs
  }

  /// Lends what the run has summed up of one device, in the order of its readings; nothing in ledgers of version 1 and 2.
  public func forEachDigest(of device: Int, _ body: (DigestRun) throws -> Void) throws {
    guard let row = digestsOfDevice?.bind(1, Int64(device)) else { return }
    // The statement must not stay open when `body` throws.
    defer { row.reset() }
    while try row.next() {
      try body(
        DigestRun(
          device: Int32(device), firstSeq: row.integer(0), lastSeq: row.integer(1), bucket: Int32(clamping: row.integer(2)),
          version: UInt8(clamping: row.integer(3)), leftOut: Int32(clamping: row.integer(4)), sums: row.bytes(5)))
    }
  }

  /// What happened to one device between two instants, in order.
  public func timeline(of device: Int, from: Milliseconds, to: Milliseconds) throws -> [TimelineEntry] {
    let statement = try database.prepare(
      "SELECT device, at, event, seq FROM timeline WHERE device = ? AND at BETWEEN ? AND ? ORDER BY at, rowid")
    statement.bind(1, Int64(device)).bind(2, from).bind(3, to)
    var entries: [TimelineEntry] = []
    while try statement.next() {
      entries.append(
        TimelineEntry(
          device: Int32(statement.integer(0)), at: statement.integer(1), event: UInt8(statement.integer(2)), seq: statement.integer(3)))
    }
    return entries
  }

  /// How often each event happened over all devices, by the raw value of the event.
  public func eventCounts() throws -> [UInt8: Int64] {
    let statement = try database.prepare("SELECT event, count(*) FROM timeline GROUP BY event")
    var counts: [UInt8: Int64] = [:]
    while try statement.next() { counts[UInt8(statement.integer(0))] = statement.integer(1) }
    return counts
  }

  /// How often some events happened over all devices in each second in which they did, by time and event.
  /// - Parameter events: raw values.
  public func eventsBySecond(_ events: [UInt8]) throws -> [(at: Milliseconds, event: UInt8, count: Int64)] {
    let wanted = events.map { String($0) }.joined(separator: ",")
    let statement = try database.prepare(
      "SELECT at / 1000 AS second, event, count(*) FROM timeline WHERE event IN (\(wanted)) GROUP BY second, event ORDER BY second, event")
    var counts: [(at: Milliseconds, event: UInt8, count: Int64)] = []
    while try statement.next() { counts.append((statement.integer(0) * 1_000, UInt8(statement.integer(1)), statement.integer(2))) }
    return counts
  }

  /// The latest value of a metric, or nil.
  public func lastMetric(_ name: String) throws -> Int64? {
    let statement = try database.prepare("SELECT value FROM metrics WHERE name = ? ORDER BY at DESC LIMIT 1")
    statement.bind(1, name)
    return try statement.next() ? statement.integer(0) : nil
  }

  /// The number of rows that hold deliveries.
  public func deliveryRowCount() throws -> Int64 {
    let statement = try database.prepare("SELECT count(*) FROM deliveries")
    return try statement.next() ? statement.integer(0) : 0
  }
}
