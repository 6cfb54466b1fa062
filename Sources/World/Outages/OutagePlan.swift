import FleetSpec
import Glibc

/// The law by which one kind of interruption comes and goes, shared by all that it can hit.
final class OutagePlan: Sendable {
  let outages: Outages
  let cause: Cause
  let start: Milliseconds
  private let gapStream: UInt64
  private let lengthStream: UInt64
  /// Those at fixed times, ascending.
  let scheduled: [Outage]
  /// What makes a Weibull distribution's mean 1.
  private let spacingScale: Double
  private let lengthScale: Double

  /// No outage is longer, and none starts later than this after the one before: a thousand years.
  private static let longest = 3.2e13

  init(_ outages: Outages, cause: Cause, gap: UInt64, length: UInt64, start: Milliseconds) {
    self.outages = outages
    self.cause = cause
    self.start = start
    gapStream = gap
    lengthStream = length
    spacingScale = 1 / tgamma(1 + 1 / outages.spacingShape)
    lengthScale = 1 / tgamma(1 + 1 / outages.lengthShape)
    scheduled = outages.schedule.map { item in
      let begin = item.beginning.time(start: start)
      return Outage(start: begin, end: begin + item.length, cause: .schedule)
    }.filter { $0.end > start }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
  }

  /// The outage that follows another one at random.
  func next(after end: Milliseconds, index: UInt64, of entity: RandomEntity) -> Outage {
    guard outages.every > 0, outages.length > 0, end < .max / 2 else { return .never }
    let gap = draw(
      outages.spacing, mean: Double(outages.every), shape: outages.spacingShape, scale: spacingScale, entity.stream(gapStream), index)
    let length: Double
    if outages.lengths == .logNormal {
      length = Double(outages.length) * exp(outages.spread * entity.stream(lengthStream).normal(index))
    } else {
      length = draw(
        outages.lengths, mean: Double(outages.length), shape: outages.lengthShape, scale: lengthScale, entity.stream(lengthStream), index)
    }
    let begin = end + Milliseconds(min(gap, OutagePlan.longest).rounded())
    return Outage(start: begin, end: begin + max(1, Milliseconds(min(length, OutagePlan.longest).rounded())), cause: cause)
  }

  private func draw(
    _ distribution: Outages.Distribution, mean: Double, shape: Double, scale: Double, _ stream: RandomStream, _ index: UInt64
  ) -> Double {
    switch distribution {
    case .exponential: mean * stream.exponential(index)
    case .weibull: mean * scale * pow(stream.exponential(index), 1 / shape)
    // With this median the mean is the one that was asked for.
    case .logNormal: mean * exp(shape * stream.normal(index) - shape * shape / 2)
    case .fixed: mean
    }
  }
}
