import FleetSpec

/// One row of the table as the mapping sees it, borrowed while it streams past.
public struct StoredRow: ~Copyable {
  private let row: Row
  private let unit: StoreMapping.TimestampUnit
  private let hasIngestedAt: Bool
  private let identity: RowIdentity
  /// How many compared attributes there are.
  public let attributeCount: Int

  init(row: consuming Row, mapping: TableMapping) {
    self.row = row
    unit = mapping.store.timestampUnit
    attributeCount = mapping.attributes.count
    hasIngestedAt = mapping.ingestedAt != nil
    identity = mapping.store.identity
  }

  /// Lends the sensor's identity; nil stands for NULL.
  public func withSensorID<Result>(_ body: (UnsafeBufferPointer<UInt8>?) throws -> Result) throws -> Result {
    try row.withUTF8(0, body)
  }

  /// The sensor's identity as a string; nil stands for NULL.
  public var sensorID: String? { get throws { try row.text(0) } }

  /// Microseconds since 1970, rounded down from finer units and confined to 64 bits; nil stands for NULL.
  public var timestampMicroseconds: Int64? {
    get throws(StoreError) {
      unit == .timestamp ? try row.timestampMicroseconds(2) : try row.integer(2).map(unit.microseconds(from:))
    }
  }

  /// The value, brought to what was sent where the mapping's tolerance allows it; nil stands for NULL, to which QuestDB also turns NaN and the
  /// infinities.
  public var value: Double? { get throws(StoreError) { try row.double(1) } }

  /// Lends the attribute at a position in the mapping's file order; nil stands for NULL.
  public func withAttribute<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>?) throws -> Result) throws -> Result {
    precondition(index < attributeCount, "the mapping has fewer attributes")
    return try row.withUTF8(3 + index, body)
  }

  /// The attribute at a position in the mapping's file order; nil stands for NULL.
  public func attribute(_ index: Int) throws -> String? {
    try withAttribute(index) { $0.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// When the row arrived, in microseconds since 1970; nil stands for NULL, or for a table that does not tell.
  public var ingestedAtMicroseconds: Int64? {
    get throws(StoreError) { hasIngestedAt ? try row.timestampMicroseconds(3 + attributeCount) : nil }
  }

  private var messageColumn: Int { 3 + attributeCount + (hasIngestedAt ? 1 : 0) }

  /// The number that the row bears of its message; nil where the mapping has none, or where it is none.
  public var sequence: Int64? {
    get throws(StoreError) {
      guard identity.sequence != nil, let number = try row.integer(messageColumn), number >= 0 else { return nil }
      return number
    }
  }

  /// The id that the row bears of its message; nil stands for NULL, or for a mapping without it.
  public var eventID: String? { get throws { identity.eventID == nil ? nil : try row.text(messageColumn) } }
}
