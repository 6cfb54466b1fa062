import FleetSpec

extension StoreMapping.TimestampUnit {
  /// Microseconds since 1970 of a number that a column of this unit holds; confined to 64 bits.
  func microseconds(from stored: Int64) -> Int64 {
    switch self {
    case .timestamp, .microseconds: stored
    case .milliseconds: Self.multiply(stored, 1_000)
    case .seconds: Self.multiply(stored, 1_000_000)
    case .nanoseconds: CivilTime.floorDivide(stored, 1_000)
    }
  }

  /// The least number in a column of this unit that stands for `microseconds` or later.
  func bound(microseconds: Int64) -> Int64 {
    switch self {
    case .timestamp, .microseconds: microseconds
    case .milliseconds: -CivilTime.floorDivide(-microseconds, 1_000)
    case .seconds: -CivilTime.floorDivide(-microseconds, 1_000_000)
    case .nanoseconds: Self.multiply(microseconds, 1_000)
    }
  }

  private static func multiply(_ number: Int64, _ factor: Int64) -> Int64 {
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? (number < 0 ? .min : .max) : product
  }
}
