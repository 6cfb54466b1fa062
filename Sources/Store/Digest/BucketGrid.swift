import FleetSpec

/// The time of a run cut into equal buckets, by which both sides are summed up.
@frozen public struct BucketGrid: Sendable, Equatable {
  /// The most buckets of all sensors together.
  public static let mostCells = 1_000_000
  /// Readings of a sensor in a bucket, as long as there are not too many buckets.
  static let readingsPerCell: Int64 = 64

  /// The first instant covered.
  public let origin: Milliseconds
  /// Length of a bucket, at least 1.
  public let length: Milliseconds
  public let count: Int

  public init(origin: Milliseconds, length: Milliseconds, count: Int) {
    precondition(length > 0 && count > 0, "a grid has buckets, and these have a length")
    self.origin = origin
    self.length = length
    self.count = count
  }

  /// - Parameters:
  ///   - range: the instants to cover, device time.
  ///   - sensorCount: how many sensors share the grid.
  ///   - expectedReadings: of all sensors together, an estimate.
  public init(covering range: Range<Milliseconds>, sensorCount: Int, expectedReadings: Int64) {
    let span = max(1, range.upperBound - range.lowerBound)
    let sensors = Int64(max(1, sensorCount))
    let wanted = max(1, expectedReadings / sensors / Self.readingsPerCell)
    let affordable = max(1, Int64(Self.mostCells) / sensors)
    let buckets = min(wanted, affordable, span)
    let length = (span + buckets - 1) / buckets
    self.init(origin: range.lowerBound, length: length, count: Int((span + length - 1) / length))
  }

  /// The first instant after all buckets.
  public var end: Milliseconds { origin + Int64(count) * length }

  /// The bucket of a timestamp, or nil when it lies outside.
  @inlinable public func index(of timestamp: Milliseconds) -> Int? {
    guard timestamp >= origin else { return nil }
    let index = (timestamp - origin) / length
    return index < Int64(count) ? Int(index) : nil
  }
}
