import FleetSpec
import Store

/// The stretch of a table that a reconciliation looks at.
public struct StoreWindow: Sendable, Equatable {
  /// The first event time covered.
  public var from: Milliseconds
  /// The first event time not covered.
  public var to: Milliseconds
  /// The earliest arrival that can belong to the run, where the table tells arrivals.
  public var arrivedFrom: Milliseconds
  /// The first arrival that cannot belong to the run any more.
  public var arrivedUntil: Milliseconds
  public init(from: Milliseconds, to: Milliseconds, arrivedFrom: Milliseconds, arrivedUntil: Milliseconds) {
    self.from = from
    self.to = to
    self.arrivedFrom = arrivedFrom
    self.arrivedUntil = arrivedUntil
  }
}

/// The digest of one sensor's rows in one bucket that agree in all compared constants.
public struct BucketDigest: Sendable {
  public var sensorID: String
  /// The compared attributes but for quality, in mapping order.
  public var constants: [String?]
  public var bucket: Int
  public var count: Int64
  public var first: Int64
  public var second: Int64
  public init(sensorID: String, constants: [String?], bucket: Int, count: Int64, first: Int64, second: Int64) {
    self.sensorID = sensorID
    self.constants = constants
    self.bucket = bucket
    self.count = count
    self.first = first
    self.second = second
  }
}

/// One row.
public struct TableRow: Sendable, Equatable {
  public var sensorID: String
  public var timestampMicroseconds: Int64
  public var value: Double?
  /// The compared attributes in mapping order.
  public var attributes: [String?]
  /// Microseconds since 1970, where the table tells arrivals.
  public var ingestedAtMicroseconds: Int64?
  /// The number or id of the message that the row was made from, as a `MessageCode`; 0 where the table has none.
  public var message: Int64
  public init(
    sensorID: String, timestampMicroseconds: Int64, value: Double?, attributes: [String?], ingestedAtMicroseconds: Int64? = nil,
    message: Int64 = 0
  ) {
    self.sensorID = sensorID
    self.timestampMicroseconds = timestampMicroseconds
    self.value = value
    self.attributes = attributes
    self.ingestedAtMicroseconds = ingestedAtMicroseconds
    self.message = message
  }
}

/// A stretch of time of one sensor, in event time.
public struct SensorStretch: Sendable, Equatable {
  public var sensorID: String
  /// The first instant covered.
  public var from: Milliseconds
  /// The first instant not covered.
  public var to: Milliseconds
  public init(sensorID: String, from: Milliseconds, to: Milliseconds) {
    self.sensorID = sensorID
    self.from = from
    self.to = to
  }
}

/// What a reconciliation asks of a store. Everything is read, nothing changed.
public protocol RowStore: AnyObject {
  /// Whether the table tells when a row arrived; without it, rows far from the run cannot be told from those of other runs.
  var knowsArrivals: Bool { get }
  /// Whether it finds the rows of a stretch of time without looking at all others, so that many stretches may be asked for.
  var findsByTime: Bool { get }
  /// Whether it finds thousands of stretches of single sensors with one query.
  var findsStretches: Bool { get }
  /// The number of rows in the window, after everything that the store has accepted is visible.
  func rowCount(in window: StoreWindow) throws -> Int64
  /// One call for each sensor, combination of constants and bucket, in any order.
  func digests(in window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, _ body: (BucketDigest) throws -> Void) throws
  /// The rows of all sensors, in any order.
  func allRows(in window: StoreWindow, _ body: (TableRow) throws -> Void) throws
  /// The rows of some sensors, in any order.
  func rows(of sensorIDs: [String], in window: StoreWindow, _ body: (TableRow) throws -> Void) throws
  /// The rows of stretches that do not overlap, in any order; only asked where `findsStretches` is true.
  func rows(in stretches: [SensorStretch], _ body: (TableRow) throws -> Void) throws
  /// The rows that arrived in the window but whose event time lies outside of it, in any order. Nothing when arrivals are not told.
  func rowsOutside(_ window: StoreWindow, _ body: (TableRow) throws -> Void) throws
  /// Ends what is being asked for, from any thread; it then throws.
  func interrupt()
}

extension RowStore {
  public var findsByTime: Bool { false }
  public var findsStretches: Bool { false }

  public func rows(in stretches: [SensorStretch], _ body: (TableRow) throws -> Void) throws {
    for stretch in stretches {
      try rows(of: [stretch.sensorID], in: StoreWindow(from: stretch.from, to: stretch.to, arrivedFrom: 0, arrivedUntil: .max), body)
    }
  }
  public func interrupt() {}
}
