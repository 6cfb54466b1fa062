/// What is said of many durations.
public struct Percentiles: Codable, Sendable, Equatable {
  public var count: Int64
  /// All in milliseconds; the first three are upper bounds of buckets, the maximum is exact.
  public var p50: Double
  public var p95: Double
  public var p99: Double
  public var maximum: Double

  public init(count: Int64, p50: Double, p95: Double, p99: Double, maximum: Double) {
    self.count = count
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
    self.maximum = maximum
  }

  enum CodingKeys: String, CodingKey {
    case count
    case p50 = "p50_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
    case maximum = "max_ms"
  }

  /// Nil when there is nothing to say.
  /// - Parameters:
  ///   - buckets: upper bounds with counts, in any order; the same bound may come several times.
  ///   - maximum: the longest of all durations.
  public init?(_ buckets: [(upperBound: Double, count: Int64)], maximum: Double) {
    let total = buckets.reduce(Int64(0)) { $0 + $1.count }
    guard total > 0 else { return nil }
    let sorted = buckets.sorted { $0.upperBound < $1.upperBound }
    func quantile(_ share: Double) -> Double {
      let rank = max(1, Int64((share * Double(total)).rounded(.up)))
      var seen: Int64 = 0
      for bucket in sorted {
        seen += bucket.count
        if seen >= rank { return min(bucket.upperBound, maximum) }
      }
      return maximum
    }
    self.init(count: total, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), maximum: maximum)
  }
}
