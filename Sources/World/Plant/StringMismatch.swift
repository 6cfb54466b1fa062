import FleetSpec

/// How much more or less each string gives than the average of the plant.
struct StringMismatch: Sendable {
  /// Relative power of a string, around 1.
  /// - Parameter string: from 1.
  static func factor(of device: RandomEntity, string: Int, deviation: Double) -> Double {
    deviation == 0 ? 1 : max(0, 1 + deviation * device.stream(StreamNumber.mismatch).normal(UInt64(string)))
  }
}
