import FleetSpec
import Glibc

/// How fast the fleet's devices sample, as a clock of its own: work is the time that passes on it, and a device is due when the work has
/// come to the next multiple of its interval. At the usual rate work and time are the same.
///
/// The rate is a straight line between breakpoints, so that work is its integral, a parabola, and can be inverted exactly up to rounding.
struct RateSchedule: Sendable {
  private struct Segment {
    /// Milliseconds since the start of the run.
    var start: Double
    var end: Double
    var rate: Double
    /// Change of the rate per millisecond.
    var slope: Double
    /// Done when the segment begins.
    var work: Double
  }

  private var segments: [Segment] = []

  /// - Parameter base: factor on all rates, above 0.
  /// - Returns: nil when every device always samples at its usual rate.
  init?(_ load: LoadPlan, base: Double) {
    let spikes = load.spikes.compactMap { spike -> (from: Double, to: Double, factor: Double)? in
      guard case .rate(let factor) = spike.kind else { return nil }
      return (Double(spike.after), Double(spike.after + spike.length), factor)
    }
    guard base != 1 || !spikes.isEmpty || load.phases.contains(where: { $0.rate != nil }) else { return nil }
    let ramps = Self.ramps(load.phases)
    var bounds = [0.0] + ramps.map(\.end).filter(\.isFinite)
    for spike in spikes { bounds += [spike.from, spike.to] }
    bounds.sort()
    var work = 0.0
    for (index, start) in bounds.enumerated() {
      let end = index + 1 < bounds.count ? bounds[index + 1] : .infinity
      guard end > start, let ramp = ramps.first(where: { start >= $0.start && start < $0.end }) else { continue }
      var factor = base
      for spike in spikes where start >= spike.from && start < spike.to { factor *= spike.factor }
      let rate = factor * (ramp.rate + ramp.slope * (start - ramp.start))
      let slope = factor * ramp.slope
      segments.append(Segment(start: start, end: end, rate: rate, slope: slope, work: work))
      if end.isFinite { work += (end - start) * (rate + slope * (end - start) / 2) }
    }
  }

  /// The phases' own rates, the last one for ever.
  private static func ramps(_ phases: [LoadPhase]) -> [(start: Double, end: Double, rate: Double, slope: Double)] {
    var list: [(start: Double, end: Double, rate: Double, slope: Double)] = []
    var rate = 1.0
    var start = 0.0
    for phase in phases {
      let length = Double(phase.length)
      let target = phase.rate ?? rate
      list.append((start, start + length, rate, (target - rate) / length))
      rate = target
      start += length
    }
    list.append((start, .infinity, rate, 0))
    return list
  }

  /// The work that is done at a time.
  /// - Parameter elapsed: milliseconds since the start of the run, 0 or more.
  func work(at elapsed: Milliseconds) -> Double {
    let time = Double(elapsed)
    guard let segment = segments.last(where: { $0.start <= time }) else { return 0 }
    let within = time - segment.start
    return segment.work + within * (segment.rate + segment.slope * within / 2)
  }

  /// The first whole millisecond since the start of the run at which an amount of work is done; `.max` for never.
  func time(of work: Int64) -> Milliseconds {
    let wanted = Double(work)
    guard let segment = segments.last(where: { $0.work <= wanted && ($0.rate > 0 || $0.slope > 0) }) else { return .max }
    let missing = wanted - segment.work
    let length = segment.end - segment.start
    if segment.end.isFinite, missing > length * (segment.rate + segment.slope * length / 2) { return .max }
    let within: Double
    if segment.slope == 0 {
      within = missing / segment.rate
    } else {
      let root = segment.rate * segment.rate + 2 * segment.slope * missing
      // Of the two forms this one does not cancel, whatever the sign of the slope.
      let speed = segment.rate + max(0, root).squareRoot()
      within = speed > 0 ? 2 * missing / speed : 0
    }
    let time = min(segment.start + within, segment.end)
    return time < 9e15 ? Milliseconds(time.rounded(.up)) : .max
  }
}
