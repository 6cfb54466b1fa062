import FleetSpec
import Glibc

/// Looks for stretches of time in which nearly everything is harmed.
enum Stretches {
  struct Point {
    var at: Milliseconds
    var isHarmed: Bool
    var weight: Double
    /// The caller's number of a harmed reading, or -1.
    var index: Int
  }

  struct Stretch {
    var from: Milliseconds
    var to: Milliseconds
    var counts: Contingency
    /// The harmed within.
    var harmed: [Int]
    /// Its likelihood ratio, all pairs of ends taken off.
    var strength = 0.0
  }

  private static let most = 256

  /// - Parameters:
  ///   - share: how many of the readings within are harmed, about.
  ///   - fewest: harmed readings that a stretch must have.
  ///   - leastShare: of the readings within that are harmed.
  static func find(_ points: [Point], share: Double, fewest: Int = Support.fewest, leastShare: Double? = nil) -> [Stretch] {
    var left = points.sorted { ($0.at, $0.index) < ($1.at, $1.index) }
    var found: [Stretch] = []
    while found.count < most {
      var total = Contingency()
      for point in left { total.add(isForetold: false, isHarmed: point.isHarmed, weight: point.weight) }
      let base = max(total.shareOfOthers, 1e-6)
      guard total.otherHarmed >= Double(fewest), base < share * 0.95 else { break }
      guard let range = heaviest(left, gain: log(share / base), loss: log((1 - share) / (1 - base))) else { break }
      let inside = left[range]
      var counts = total
      for point in inside {
        counts.foretold += point.weight
        counts.others -= point.weight
        if point.isHarmed {
          counts.harmed += point.weight
          counts.otherHarmed -= point.weight
        }
      }
      let harmed = inside.filter(\.isHarmed).map(\.index)
      // A stretch has two ends to choose among all points.
      let tried = max(1, left.count) * max(1, left.count) / 2
      guard harmed.count >= fewest, counts.shareOfForetold >= leastShare ?? share / 2,
        Support.isSufficient(counts.logLikelihoodRatio, tried: tried)
      else { break }
      found.append(
        Stretch(
          from: inside.first?.at ?? 0, to: inside.last?.at ?? 0, counts: counts, harmed: harmed,
          strength: counts.logLikelihoodRatio - log(Double(tried))))
      left.removeSubrange(range)
    }
    return found.sorted { $0.from < $1.from }
  }

  /// The part with the largest sum (Kadane 1984).
  private static func heaviest(_ points: [Point], gain: Double, loss: Double) -> Range<Int>? {
    var best = 0.0
    var range: Range<Int>?
    var sum = 0.0
    var start = 0
    for index in points.indices {
      if sum <= 0 {
        sum = 0
        start = index
      }
      sum += points[index].isHarmed ? gain * points[index].weight : loss * points[index].weight
      if sum > best {
        best = sum
        range = start..<(index + 1)
      }
    }
    return range
  }
}
