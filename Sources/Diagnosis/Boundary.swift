import FleetSpec

/// Looks for the number from which on readings are harmed.
struct Boundary {
  struct Point {
    var at: Int64
    var isHarmed: Bool
    var weight: Double
  }

  /// Readings beyond this are harmed.
  var at: Int64
  var counts: Contingency
  /// The largest number below of a reading that was not harmed, and the smallest beyond of one that was.
  var lastSpared: Int64
  var firstHarmed: Int64
  var tried: Int

  /// The boundary that separates the harmed best, or nil when there is none with enough support.
  /// - Parameter purity: the least share of those beyond that must be harmed.
  init?(_ points: [Point], purity: Double) {
    let sorted = points.sorted { ($0.at, $0.isHarmed ? 1 : 0) < ($1.at, $1.isHarmed ? 1 : 0) }
    guard sorted.count > 1 else { return nil }
    var total = Contingency()
    for point in sorted { total.add(isForetold: true, isHarmed: point.isHarmed, weight: point.weight) }
    var counts = total
    var best: (index: Int, counts: Contingency, ratio: Double)?
    var tried = 0
    for index in 1..<sorted.count {
      let moved = sorted[index - 1]
      counts.foretold -= moved.weight
      counts.others += moved.weight
      if moved.isHarmed {
        counts.harmed -= moved.weight
        counts.otherHarmed += moved.weight
      }
      guard sorted[index].at > moved.at else { continue }
      tried += 1
      guard counts.shareOfForetold >= purity else { continue }
      let ratio = counts.logLikelihoodRatio
      if ratio > best?.ratio ?? 0 { best = (index, counts, ratio) }
    }
    guard let best, Support.isSufficient(best.ratio, tried: tried) else { return nil }
    self.counts = best.counts
    self.tried = tried
    firstHarmed = sorted[best.index...].first { $0.isHarmed }?.at ?? sorted[best.index].at
    lastSpared = sorted[..<best.index].last { !$0.isHarmed }?.at ?? sorted[best.index - 1].at
    at = sorted[best.index - 1].at
  }

  /// The roundest duration that lies between the spared and the harmed.
  var roundest: Milliseconds { Boundary.roundest(from: max(at, lastSpared), to: firstHarmed) }

  static func roundest(from low: Milliseconds, to high: Milliseconds) -> Milliseconds {
    guard high > low else { return high }
    let units: [Milliseconds] = [
      86_400_000, 43_200_000, 21_600_000, 3_600_000, 1_800_000, 900_000, 600_000, 300_000, 60_000, 30_000, 10_000, 5_000, 1_000, 500, 250,
      100, 50, 10,
    ]
    for unit in units {
      let multiple = (low + unit - 1) / unit * unit
      if multiple > 0, multiple <= high { return multiple }
    }
    return low + (high - low) / 2
  }
}
