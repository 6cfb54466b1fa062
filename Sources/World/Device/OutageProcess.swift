import FleetSpec
import Glibc

/// One cause of interruptions: a renewal process with exponential gaps and log-normal lengths.
///
/// The distributions are the usual assumption for failures and repairs; no measured distribution for cellular outages was found
/// (engineering judgement, adjustable in the fleet file).
struct OutageProcess: Sendable {
  /// The outage that comes next; after the last possible one it starts at `.max`.
  private(set) var next: Outage
  private let outages: Outages
  private let gaps: RandomStream
  private let lengths: RandomStream
  private var index: UInt64 = 0

  /// No outage is longer, and none starts later than this after the one before: a thousand years.
  private static let longest = 3.2e13
  private static let horizon: Milliseconds = .max / 2

  init(_ outages: Outages, seed: UInt64, entity: UInt64, gap: UInt64, length: UInt64, start: Milliseconds) {
    self.init(outages, of: RandomEntity(seed: seed, entity: entity), gap: gap, length: length, start: start)
  }

  init(_ outages: Outages, of entity: RandomEntity, gap: UInt64, length: UInt64, start: Milliseconds) {
    self.outages = outages
    gaps = entity.stream(gap)
    lengths = entity.stream(length)
    next = Outage(start: start, end: start)
    advance()
  }

  mutating func advance() {
    guard outages.every > 0, outages.length > 0, next.end < OutageProcess.horizon else {
      next = .never
      return
    }
    let gap = min(Double(outages.every) * gaps.exponential(index), OutageProcess.longest)
    let length = min(Double(outages.length) * exp(outages.spread * lengths.normal(index)), OutageProcess.longest)
    index += 1
    let start = next.end + Milliseconds(gap.rounded())
    next = Outage(start: start, end: start + max(1, Milliseconds(length.rounded())))
  }
}
