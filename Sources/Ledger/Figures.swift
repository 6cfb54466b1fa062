import FleetSpec

/// One row of `throughput`: what was due, sent and acknowledged in one interval of the run.
public struct ThroughputRow: Sendable, Equatable {
  /// When the interval begins, simulated time.
  public var at: Milliseconds
  /// Readings measured, counted once for each link over which they are to go.
  public var planned: Int64
  /// Of all readings, those whose first transmission fell into the interval.
  public var sent: Int64
  /// Those whose first acknowledgement fell into the interval.
  public var acknowledged: Int64
  /// The longest time from first transmission to first acknowledgement of those sent in the interval.
  public var sentToAcknowledged: Milliseconds
  /// The longest time from measurement to first acknowledgement of those measured in the interval.
  public var measuredToAcknowledged: Milliseconds

  public init(
    at: Milliseconds, planned: Int64, sent: Int64, acknowledged: Int64, sentToAcknowledged: Milliseconds,
    measuredToAcknowledged: Milliseconds
  ) {
    self.at = at
    self.planned = planned
    self.sent = sent
    self.acknowledged = acknowledged
    self.sentToAcknowledged = sentToAcknowledged
    self.measuredToAcknowledged = measuredToAcknowledged
  }
}

/// Between which two moments a latency was taken.
public enum LatencyKind: UInt8, Sendable, CaseIterable {
  /// From the first transmission to the first acknowledgement, by the interval of the transmission.
  case sentToAcknowledged = 1
  /// From the measurement, so that a reading that had to wait counts with its wait; by the interval of the measurement.
  case measuredToAcknowledged = 2
}

/// One row of `latencies`.
public struct LatencyRow: Sendable, Equatable {
  /// When the interval begins, simulated time.
  public var at: Milliseconds
  public var kind: LatencyKind
  /// The longest time in this bucket.
  public var upperBound: Milliseconds
  public var count: Int64

  public init(at: Milliseconds, kind: LatencyKind, upperBound: Milliseconds, count: Int64) {
    self.at = at
    self.kind = kind
    self.upperBound = upperBound
    self.count = count
  }
}

/// What a ledger tells over time. A ledger of a version before 3 has no throughput and no latencies; one written before a metric was
/// introduced has no values of it.
extension LedgerReader {
  /// The rows of `throughput` in order; empty when none were recorded.
  public func throughput() throws -> [ThroughputRow] {
    guard version >= 3 else { return [] }
    let row = try database.prepare(
      """
      SELECT at, planned, sent, acknowledged, sent_to_acknowledged_max, measured_to_acknowledged_max FROM throughput ORDER BY at
      """)
    var rows: [ThroughputRow] = []
    while try row.next() {
      rows.append(
        ThroughputRow(
          at: row.integer(0), planned: row.integer(1), sent: row.integer(2), acknowledged: row.integer(3),
          sentToAcknowledged: row.integer(4), measuredToAcknowledged: row.integer(5)))
    }
    return rows
  }

  /// The rows of `latencies` of one kind, in order of time and then of duration.
  public func latencies(_ kind: LatencyKind) throws -> [LatencyRow] {
    guard version >= 3 else { return [] }
    let row = try database.prepare("SELECT at, upper_bound, count FROM latencies WHERE kind = ? ORDER BY at, upper_bound")
    row.bind(1, Int64(kind.rawValue))
    var rows: [LatencyRow] = []
    while try row.next() {
      rows.append(LatencyRow(at: row.integer(0), kind: kind, upperBound: row.integer(1), count: row.integer(2)))
    }
    return rows
  }

  /// The last value of a metric in each stretch of time, in order.
  /// - Parameters:
  ///   - from: where stretch 0 begins; samples before it are left out.
  ///   - length: of a stretch, above 0.
  public func metric(_ name: String, from: Milliseconds, every length: Milliseconds) throws -> [(stretch: Int, value: Int64)] {
    // SQLite takes `value` from the row that has the greatest `at`.
    let row = try database.prepare(
      "SELECT (at - ?2) / ?3 AS stretch, max(at), value FROM metrics WHERE name = ?1 AND at >= ?2 GROUP BY stretch ORDER BY stretch")
    row.bind(1, name).bind(2, from).bind(3, length)
    var values: [(stretch: Int, value: Int64)] = []
    while try row.next() { values.append((Int(row.integer(0)), row.integer(2))) }
    return values
  }

  /// The greatest value of a metric in each stretch of time, in order.
  public func greatest(_ name: String, from: Milliseconds, every length: Milliseconds) throws -> [(stretch: Int, value: Int64)] {
    let row = try database.prepare(
      "SELECT (at - ?2) / ?3 AS stretch, max(value) FROM metrics WHERE name = ?1 AND at >= ?2 GROUP BY stretch ORDER BY stretch")
    row.bind(1, name).bind(2, from).bind(3, length)
    var values: [(stretch: Int, value: Int64)] = []
    while try row.next() { values.append((Int(row.integer(0)), row.integer(1))) }
    return values
  }

  /// How often each event of the timeline happened in each stretch of time.
  public func events(from: Milliseconds, every length: Milliseconds) throws -> [(event: UInt8, stretch: Int, count: Int64)] {
    let row = try database.prepare("SELECT event, max(0, (at - ?1) / ?2) AS stretch, count(*) FROM timeline GROUP BY event, stretch")
    row.bind(1, from).bind(2, length)
    var counts: [(event: UInt8, stretch: Int, count: Int64)] = []
    while try row.next() { counts.append((UInt8(row.integer(0)), Int(row.integer(1)), row.integer(2))) }
    return counts
  }

  /// A row set of `histograms`, in order of duration.
  public func histogram(_ name: String) throws -> [(upperBound: Int64, count: Int64)] {
    let row = try database.prepare("SELECT upper_bound, count FROM histograms WHERE name = ? ORDER BY upper_bound")
    row.bind(1, name)
    var rows: [(upperBound: Int64, count: Int64)] = []
    while try row.next() { rows.append((row.integer(0), row.integer(1))) }
    return rows
  }

  /// How deliveries ended: by outcome, the number of readings and of those among them that were put on the wire more than once.
  public func outcomes() throws -> [(outcome: UInt8, readings: Int64, sentAgain: Int64)] {
    let row = try database.prepare(
      """
      SELECT outcome, sum(last_seq - first_seq + 1), sum((attempts > 1) * (last_seq - first_seq + 1)) FROM deliveries
      GROUP BY outcome ORDER BY outcome
      """)
    var rows: [(outcome: UInt8, readings: Int64, sentAgain: Int64)] = []
    while try row.next() { rows.append((UInt8(row.integer(0)), row.integer(1), row.integer(2))) }
    return rows
  }

  /// How many acknowledged readings were put on the wire twice or more, the last time more than so many milliseconds after the first.
  public func repeats(fartherApartThan distance: Milliseconds) throws -> Int64 {
    let row = try database.prepare(
      """
      SELECT count(*) FROM deliveries
      WHERE outcome = 1 AND attempts > 1 AND first_seq = last_seq AND last_sent - first_sent > \(distance)
      """)
    return try row.next() ? row.integer(0) : 0
  }
}
