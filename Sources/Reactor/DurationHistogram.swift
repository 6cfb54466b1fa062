/// Counts of durations in buckets that grow by a quarter octave (19 %): from 1 microsecond to 2^32 microseconds.
public struct DurationHistogram: Sendable, Equatable {
  /// Counts by bucket; bucket b holds durations up to `upperBound(b)`.
  public private(set) var counts = [UInt64](repeating: 0, count: 128)
  /// The longest duration seen, in microseconds.
  public private(set) var maximum: Int64 = 0
  /// How many durations were recorded.
  public private(set) var total: UInt64 = 0

  public init() {}

  /// Records a duration in microseconds; negative ones count as zero.
  public mutating func record(_ microseconds: Int64) {
    let value = Swift.max(microseconds, 0)
    counts[Self.bucket(value)] += 1
    total += 1
    if value > maximum { maximum = value }
  }

  /// Adds what another histogram has counted.
  public mutating func merge(_ other: DurationHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    total += other.total
    maximum = Swift.max(maximum, other.maximum)
  }

  /// The duration in microseconds that a share 0...1 of all records does not exceed (upper bound of its bucket); 0 without records.
  public func quantile(_ share: Double) -> Int64 {
    guard total > 0 else { return 0 }
    let rank = UInt64((share * Double(total)).rounded(.up))
    var seen: UInt64 = 0
    for (index, count) in counts.enumerated() {
      seen += count
      if seen >= rank && count > 0 { return Swift.min(Self.upperBound(index), maximum) }
    }
    return maximum
  }

  /// The longest duration in microseconds that falls into a bucket.
  public static func upperBound(_ bucket: Int) -> Int64 {
    if bucket < 8 { return Int64(bucket) }
    let octave = bucket / 4
    return (Int64(1) << octave) * Int64(5 + bucket % 4) / 4 - 1
  }

  /// The bucket of a duration; negative ones do not exist.
  public static func bucket(_ value: Int64) -> Int {
    if value < 8 { return Int(value) }
    let octave = 63 - value.leadingZeroBitCount
    let quarter = Int(value >> (octave - 2)) & 3
    return Swift.min(octave * 4 + quarter, 127)
  }
}
