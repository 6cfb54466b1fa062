import FleetSpec

/// Brownian motion over time with random access: the variance grows linearly with time.
///
/// Built by midpoint displacement (P. Levy 1948; Z. Ciesielski 1961), so that any instant costs 15 draws, however late it is. Between two
/// points of the finest level, 18.6 hours apart, it moves in a straight line.
enum RandomWalk {
  /// Spans of 2^40 ms, 34.8 years, follow each other.
  private static let spanShift: Milliseconds = 40
  private static let levels = 14

  private static let year = 31_556_926_080.0

  /// The walk after a time, 0 at 0 and N(0, 1) over devices after one year.
  /// - Parameters:
  ///   - elapsed: since it began, at least 0.
  ///   - epoch: which of several independent walks, such as the one after the n-th recalibration.
  static func value(after elapsed: Milliseconds, epoch: UInt64, _ stream: RandomStream) -> Double {
    let span = elapsed >> spanShift
    let length = Double(1 << spanShift) / year
    // An epoch has room for 2^24 draws.
    let base = epoch &<< 24
    var left = 0.0
    for earlier in 0..<span { left += length.squareRoot() * stream.normal(base &+ UInt64(earlier) &* 65_536) }
    var index = base &+ UInt64(span) &* 65_536
    var right = left + length.squareRoot() * stream.normal(index)
    index += 1
    var rest = Double(elapsed - span << spanShift) / Double(1 << spanShift)
    var deviation = length.squareRoot() / 2
    var node: UInt64 = 0
    for level in 0..<levels {
      let middle = (left + right) / 2 + deviation * stream.normal(index + (1 << UInt64(level)) + node)
      rest *= 2
      if rest < 1 {
        right = middle
        node *= 2
      } else {
        left = middle
        rest -= 1
        node = node * 2 + 1
      }
      deviation *= 0.707_106_781_186_547_5
    }
    return left + (right - left) * rest
  }
}
