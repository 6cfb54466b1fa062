/// Fixed-point values as numbers and text.
enum Decimal {
  private static let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  /// The double that parsing the printed value gives: a quotient of two exact doubles is correctly rounded, as parsing is.
  @inline(__always)
  static func value(_ fixed: Int64, decimals: Int) -> Double { Double(fixed) / powers[decimals] }

  static func text(_ fixed: Int64, decimals: Int) -> String {
    guard decimals > 0 else { return String(fixed) }
    let digits = String(fixed.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (fixed < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}
