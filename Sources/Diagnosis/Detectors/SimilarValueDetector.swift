import FleetSpec
import Glibc
import Reconciliation

/// Readings are lost whose value is close to the sensor's last one that was let through, when that was not long ago. Support: the likelihood
/// ratio of the best pair of limits, corrected for all pairs that were tried, and nine in ten of such readings lost.
struct SimilarValueDetector: Detector {
  private static let purity = 0.9
  private static let mostWindows = 48

  private struct Point {
    var change: Double
    var since: Milliseconds
    var isHarmed: Bool
    var weight: Double
  }

  private struct Fit {
    var change: Double
    var since: Milliseconds
    var counts: Contingency
    var ratio: Double
  }

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let view = file.view(.lost)
    var points: [Point] = []
    // After a zero the relative difference is a division by zero; what becomes of those is told apart.
    for index in view where file.cases[index].lastValue != 0 && !file.cases[index].lastValue.isNaN {
      let item = file.cases[index]
      points.append(Point(change: item.relativeChange, since: item.sinceLast, isHarmed: item.verdict == .lost, weight: item.weight))
    }
    points.sort { ($0.change, $0.since, $0.isHarmed ? 1 : 0) < ($1.change, $1.since, $1.isHarmed ? 1 : 0) }
    guard let fit = best(points) else { return [] }
    let zeros = zeroCounts(view, fit, file)
    let includesZeros = zeros.shareOfForetold >= Self.purity
    let foretells: (Case) -> Bool = { item in
      guard item.sinceLast <= fit.since else { return false }
      if item.lastValue == 0 { return includesZeros && item.value == 0 }
      return item.relativeChange <= fit.change
    }
    let hits = file.open(.lost).filter { foretells(file.cases[$0]) }
    var evidence = [
      Diagnosis.Evidence(fit.counts, foretold: "such readings", others: "others", harm: "are missing"),
      Diagnosis.Evidence(limits(points, fit)),
    ]
    if zeros.foretold > 0 {
      let what = includesZeros ? "" : ": it divides by the last value, and a division by zero lets them through"
      evidence.append(
        Diagnosis.Evidence(
          "of zeros after a zero \(Phrases.number(zeros.harmed)) of \(Phrases.number(zeros.foretold)) are missing\(what)",
          harmed: Int64(zeros.harmed.rounded()), foretold: Int64(zeros.foretold.rounded())))
    }
    let spared = firstSpared(points, fit)
    // Where none was spared later, the window may be longer than the longest time that was seen.
    let window =
      spared > fit.since ? Phrases.duration(Boundary.roundest(from: fit.since, to: spared)) : Phrases.duration(fit.since) + " or more"
    let closeness = fit.change == 0 ? "equals" : "is within \(Self.percent(points, fit)) of"
    return [
      Hypothesis(
        cause: .similarValueDeduplication,
        statement:
          "takes real readings for repeats: drops those whose value \(closeness) the sensor's last one, within \(window)",
        evidence: evidence, contract: .deduplication, explained: hits, foretells: (.lost, foretells),
        edge: (.lost, { $0.nearestChange <= fit.change }),
        detail: { "\($0.value) after \($0.lastValue), \(Phrases.duration($0.sinceLast)) later" })
    ]
  }

  private func best(_ points: [Point]) -> Fit? {
    let times = Set(points.filter(\.isHarmed).map(\.since)).sorted()
    guard !times.isEmpty else { return nil }
    let step = max(1, times.count / Self.mostWindows)
    var windows = stride(from: 0, to: times.count, by: step).map { times[$0] }
    if let last = times.last, windows.last != last { windows.append(last) }
    var total = Contingency()
    for point in points { total.add(isForetold: false, isHarmed: point.isHarmed, weight: point.weight) }
    var best: Fit?
    for window in windows {
      var counts = total
      for (index, point) in points.enumerated() {
        if point.since <= window {
          counts.foretold += point.weight
          counts.others -= point.weight
          if point.isHarmed {
            counts.harmed += point.weight
            counts.otherHarmed -= point.weight
          }
        }
        let isLast = index + 1 == points.count || points[index + 1].change > point.change
        guard isLast, point.change.isFinite, counts.shareOfForetold >= Self.purity else { continue }
        let ratio = counts.logLikelihoodRatio
        if ratio > best?.ratio ?? 0 { best = Fit(change: point.change, since: window, counts: counts, ratio: ratio) }
      }
    }
    guard let best, Support.isSufficient(best.ratio, tried: windows.count * max(1, points.count)) else { return nil }
    return best
  }

  private func zeroCounts(_ view: [Int], _ fit: Fit, _ file: CaseFile) -> Contingency {
    var counts = Contingency()
    for index in view {
      let item = file.cases[index]
      guard item.lastValue == 0, item.value == 0, item.sinceLast <= fit.since else { continue }
      counts.add(isForetold: true, isHarmed: item.verdict == .lost, weight: item.weight)
    }
    return counts
  }

  /// The shortest time beyond the window after which a close value was let through.
  private func firstSpared(_ points: [Point], _ fit: Fit) -> Milliseconds {
    points.filter { !$0.isHarmed && $0.change <= fit.change && $0.since > fit.since }.map(\.since).min() ?? fit.since
  }

  private func limits(_ points: [Point], _ fit: Fit) -> String {
    let spared = points.first { !$0.isHarmed && $0.change > fit.change && $0.since <= fit.since }?.change
    let next = firstSpared(points, fit)
    let values = spared.map {
      "boundary between \(Self.scientific(fit.change * 100)) % and \(Self.scientific($0 * 100)) % of the last value"
    }
    let times = next > fit.since ? "boundary between \(Phrases.duration(fit.since)) and \(Phrases.duration(next)) since the last one" : nil
    return [values, times].compactMap { $0 }.joined(separator: ", ")
  }

  /// The roundest percentage between the largest lost difference and the smallest that was let through.
  private static func percent(_ points: [Point], _ fit: Fit) -> String {
    let low = fit.change * 100
    let high = points.first { !$0.isHarmed && $0.change > fit.change && $0.since <= fit.since }.map { $0.change * 100 } ?? low * 1.5
    // The smallest round number, then the smallest with more digits.
    var scale = pow(10, log10(max(low, 1e-9)).rounded(.down))
    for _ in 0..<4 {
      for factor in [1.0, 2, 5, 10] where factor * scale >= low && factor * scale <= high { return scientific(factor * scale) + " %" }
      let multiple = (low / scale).rounded(.up) * scale
      if multiple >= low && multiple <= high { return scientific(multiple) + " %" }
      scale /= 10
    }
    return scientific(high) + " %"
  }

  /// Three significant digits.
  private static func scientific(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    let scale = pow(10, 2 - log10(value).rounded(.down))
    return Phrases.decimal((value * scale).rounded() / scale)
  }
}
