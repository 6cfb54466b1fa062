import FleetSpec
import Glibc
import Reconciliation
import World

/// The kind of payload that a pipeline crashes on.
struct Culprit {
  var kind: Malformation
  /// Between which instants such payloads were sent.
  private var sent: [ClosedRange<Milliseconds>]
  /// How close to the crash they come.
  private var reach: Milliseconds

  /// A crash comes this long after the payload was sent, at the most; and this long before, by what is known of the time of sending.
  private static let reaches: [Milliseconds] = [60, 200, 600]
  /// One in a hundred: it refines a finding that has its own support.
  private static let leastSupport = log(100.0)
  private static let leastShare = 0.4

  /// Where the crash lies when nothing but the end of a stretch is known.
  static func window(behind end: Milliseconds) -> ClosedRange<Milliseconds> { (end - 40)...(end + 20) }

  func isNear(_ replay: CrashReplayDetector.Replay) -> Bool { Self.isNear(replay, sent, reach) }

  /// Whether such a payload was sent within a stretch of time, or about then.
  func isNear(_ crashed: ClosedRange<Milliseconds>) -> Bool {
    let window = (crashed.lowerBound - reach)...(crashed.upperBound + reach)
    return sent.contains { $0.overlaps(window) }
  }

  private static func isNear(_ replay: CrashReplayDetector.Replay, _ sent: [ClosedRange<Milliseconds>], _ reach: Milliseconds) -> Bool {
    let window = (replay.crashed.lowerBound - reach)...(replay.crashed.upperBound + reach)
    return sent.contains { $0.overlaps(window) }
  }

  /// When a reading was sent: once, or at its first and its last transmission.
  private static func transmissions(_ item: Case) -> [ClosedRange<Milliseconds>] {
    let first = item.sentEarliest...max(item.sentEarliest, item.sentLatest)
    guard item.attempts > 1 else { return [first] }
    let last = item.sentEarliest + item.repeatSpan
    return [first, (last - item.sentMargin)...(last + item.sentMargin)]
  }

  /// The kind that was sent when the pipeline crashed more often than chance has it (binomial), corrected for kinds and reaches.
  static func find(_ replays: [CrashReplayDetector.Replay], _ file: CaseFile) -> Culprit? {
    let duration = Double(max(1, file.world.fleet.duration))
    let broken = file.refused + file.cases.prefix(file.badCount).filter { $0.verdict == .acceptedMalformed }
    var best: (culprit: Culprit, ratio: Double)?
    for kind in Malformation.allCases where kind != .none {
      let sent = broken.filter { $0.malformation == kind }.flatMap(transmissions)
      guard !sent.isEmpty else { continue }
      for reach in reaches {
        let hits = replays.filter { isNear($0, sent, reach) }.count
        let window = replays.reduce(0.0) { $0 + Double($1.crashed.upperBound - $1.crashed.lowerBound + 2 * reach) } / Double(replays.count)
        let covered = sent.reduce(0.0) { $0 + Double($1.upperBound - $1.lowerBound) + window }
        let chance = min(0.999, 1 - exp(-covered / duration))
        let share = Double(hits) / Double(replays.count)
        guard share >= leastShare, share > chance else { continue }
        let ratio =
          Double(hits) * log(share / chance) + (share < 1 ? Double(replays.count - hits) * log((1 - share) / (1 - chance)) : 0)
        if ratio > best?.ratio ?? 0 { best = (Culprit(kind: kind, sent: sent, reach: reach), ratio) }
      }
    }
    guard let best, best.ratio - log(Double(Malformation.allCases.count * reaches.count)) >= leastSupport else { return nil }
    return best.culprit
  }

  func evidence(_ replays: [CrashReplayDetector.Replay]) -> Diagnosis.Evidence {
    let hits = replays.filter { isNear($0) }.count
    return Diagnosis.Evidence(
      "\(hits) of \(replays.count) stretches end when \(Phrases.kind(kind)) arrives", harmed: Int64(hits), foretold: Int64(replays.count))
  }
}

/// From arrivals back to the times of sending, where both run on one clock.
struct ArrivalClock {
  /// Milliseconds from sending to arrival; nil when they have nothing to do with each other, as in a run that is faster than time.
  private let transit: ClosedRange<Milliseconds>?

  /// Most transits lie within this much of their middle where the clocks are one.
  private static let spread: Milliseconds = 1_000

  init(_ indices: [Int], _ file: CaseFile) {
    let transits = indices.compactMap { index -> Milliseconds? in
      guard let first = file.cases[index].rows?.firstArrival else { return nil }
      return first / 1_000 - file.cases[index].sent
    }.sorted()
    guard transits.count >= Support.fewest else {
      transit = nil
      return
    }
    let low = transits[transits.count / 10]
    let high = transits[transits.count * 9 / 10]
    transit = high - low <= Self.spread ? low...high : nil
  }

  /// When something was sent that arrived at most a moment before, or nil.
  func sent(before arrival: Int64) -> ClosedRange<Milliseconds>? {
    guard let transit else { return nil }
    return (arrival / 1_000 - transit.upperBound)...(arrival / 1_000 - transit.lowerBound)
  }
}
