/// A value as a whole number of millionths, always positive, the same in Swift and on both engines.
///
/// `floor(value * 1e6 + 0.5)` is plain IEEE arithmetic everywhere; below 9e9 its result is a whole number under 2^53,
/// so that no cast rounds.
public enum FixedPoint {
  /// Finite values from here on share one code: changes among them go unnoticed by a digest.
  public static let limit = 9_000_000_000.0
  /// Added so that nothing is negative.
  public static let offset: Int64 = 10_000_000_000_000_000
  /// Stands for NULL, NaN and the infinities, which QuestDB cannot tell apart.
  public static let missing: Int64 = 2
  /// Stands for finite values beyond the limit.
  public static let beyond: Int64 = 4

  @inlinable public static func code(_ value: Double) -> Int64 {
    if value > -9_000_000_000.0 && value < 9_000_000_000.0 {
      return Int64((value * 1_000_000.0 + 0.5).rounded(.down)) + 10_000_000_000_000_000
    }
    return value.isFinite ? 4 : 2
  }

  /// The same in SQL.
  /// - Parameter value: an expression of type double.
  static func expression(_ value: String) -> String {
    "case when \(value) > -9000000000.0 and \(value) < 9000000000.0 "
      + "then cast(floor(\(value) * 1000000.0 + 0.5) as bigint) + \(offset) "
      + "when \(value) >= -1.7976931348623157E308 and \(value) <= 1.7976931348623157E308 then \(beyond) else \(missing) end"
  }
}
