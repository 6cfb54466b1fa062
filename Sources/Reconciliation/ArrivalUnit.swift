/// How the time of arrival is to be read: pipelines store it in another unit than the column's by mistake.
public enum ArrivalUnit: String, Sendable, CaseIterable {
  case right
  case millisecondsAsMicroseconds
  case secondsAsMicroseconds
  case nanosecondsAsMicroseconds

  /// Microseconds since 1970 of what the column says; nil when that cannot be.
  public func corrected(_ stored: Int64) -> Int64? {
    let (factor, divisor): (Int64, Int64) =
      switch self {
      case .right: (1, 1)
      case .millisecondsAsMicroseconds: (1_000, 1)
      case .secondsAsMicroseconds: (1_000_000, 1)
      case .nanosecondsAsMicroseconds: (1, 1_000)
      }
    let (product, overflow) = stored.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product / divisor
  }

  /// For people.
  public var text: String {
    switch self {
    case .right: "as the column says"
    case .millisecondsAsMicroseconds: "milliseconds where microseconds are expected, so that it lies in January 1970"
    case .secondsAsMicroseconds: "seconds where microseconds are expected, so that it lies on the first of January 1970"
    case .nanosecondsAsMicroseconds: "nanoseconds where microseconds are expected, so that it lies tens of thousands of years ahead"
    }
  }
}
