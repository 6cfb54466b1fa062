import FleetSpec

/// Counts and digests of a table's rows, by sensor, constant attributes and time bucket, computed inside the store.
public struct DigestQuery: Sendable {
  public let mapping: TableMapping
  /// The statements whose rows together are the answer, each group in exactly one of them.
  public let statements: [String]

  /// - Parameters:
  ///   - window: of event time, in microseconds since 1970; must not begin before 1970.
  ///   - buckets: must not begin after the window does.
  ///   - arrived: leaves out rows that arrived outside of it or without a time of arrival; nil takes all.
  /// - Throws: `StoreError.invalidRequest` when the request is contradictory.
  public init(
    _ window: TimeRange, buckets: DigestBuckets, keys: DigestKeys, _ identities: IdentityFilter = .everything,
    arrived: TimeRange? = nil, mapping: TableMapping
  ) throws(StoreError) {
    guard window.from >= 0, buckets.origin <= window.from else {
      throw .invalidRequest(
        "a digest's window (from \(window.from)) must begin neither before 1970 nor before bucket 0 (\(buckets.origin))")
    }
    self.mapping = mapping
    let arrival = try arrived.map { range throws(StoreError) in try mapping.hasArrived(within: range) }
    var statements: [String] = []
    for source in mapping.sources {
      let expressions = DigestExpressions(mapping: mapping, source: source, buckets: buckets, keys: keys)
      for identity in try identities.conditions(source, mapping) {
        statements.append(expressions.statement(where: TableMapping.all([mapping.isWithin(window), source.condition, arrival, identity])))
      }
    }
    self.statements = statements
  }

  /// Lends every group, in no particular order.
  /// - Throws: `StoreError`, or what `body` throws.
  public func forEachRow(on connection: StoreConnection, _ body: (borrowing DigestRow) throws -> Void) throws {
    let attributeCount = mapping.constantAttributes.count
    for statement in statements {
      try connection.forEachRow(statement) { row in
        try body(try DigestRow(row: Row(result: row.result, line: row.line), attributeCount: attributeCount))
      }
    }
  }
}

/// One group of rows, borrowed while it streams past.
public struct DigestRow: ~Copyable {
  private let row: Row
  /// How many constant attributes there are.
  public let attributeCount: Int
  /// The number of the time bucket, from 0.
  public let bucket: Int64
  /// How many rows the group has, at least 1.
  public let count: Int64
  /// The sum of the first lane's terms.
  public let first: Int64
  /// The sum of the second lane's terms.
  public let second: Int64

  init(row: consuming Row, attributeCount: Int) throws(StoreError) {
    func number(_ row: borrowing Row, _ column: Int) throws(StoreError) -> Int64 {
      guard let number = try row.integer(attributeCount + column) else {
        throw .unexpectedResult("a digest is NULL; the table has rows without a timestamp in the window, or sums that overflow")
      }
      return number
    }
    // Nothing of self may be set before the last throw: a half-made value of a non-copyable type cannot be undone.
    let numbers = (try number(row, 1), try number(row, 2), try number(row, 3), try number(row, 4))
    (bucket, count, first, second) = numbers
    self.attributeCount = attributeCount
    self.row = row
  }

  /// Lends the sensor's identity; nil stands for NULL.
  public func withSensorID<Result>(_ body: (UnsafeBufferPointer<UInt8>?) throws -> Result) throws -> Result {
    try row.withUTF8(0, body)
  }

  /// The sensor's identity as a string; nil stands for NULL.
  public var sensorID: String? { get throws { try row.text(0) } }

  /// Lends a constant attribute by its position in `TableMapping.constantAttributes`; nil stands for NULL.
  public func withAttribute<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>?) throws -> Result) throws -> Result {
    precondition(index < attributeCount, "the mapping has fewer constant attributes")
    return try row.withUTF8(1 + index, body)
  }

  /// A constant attribute by its position in `TableMapping.constantAttributes`; nil stands for NULL.
  public func attribute(_ index: Int) throws -> String? {
    try withAttribute(index) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }
}
