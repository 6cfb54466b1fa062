import FleetSpec
import Glibc
import Reconciliation

/// Short times in which nearly everything is lost, whatever device it is from. Support: the likelihood ratio of each, corrected for all pairs
/// of ends. What the devices went through when they began is evidence when it coincides more often than chance has it (binomial).
struct LossBurstDetector: Detector {
  private static let share = 0.9
  /// Where less is lost than this, something else loses it: a site may have been the only one to send for a moment.
  private static let leastShare = 0.75
  private static let fewest = 10
  /// An event this long before a burst, or after its beginning, belongs to it.
  private static let before: Milliseconds = 3_000
  private static let after: Milliseconds = 1_000
  private static let margin: Milliseconds = 100

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let points = file.view(.lost).map { index in
      let item = file.cases[index]
      let isHarmed = item.verdict == .lost
      return Stretches.Point(at: item.sent, isHarmed: isHarmed, weight: item.weight, index: isHarmed ? index : -1)
    }
    let bursts = Stretches.find(points, share: Self.share, fewest: Self.fewest, leastShare: Self.leastShare)
    guard !bursts.isEmpty else { return [] }
    let near: (Case, Milliseconds) -> Bool = { item, margin in
      bursts.contains { $0.from - margin <= item.sent && item.sent <= $0.to + margin }
    }
    let hits = file.open(.lost).filter { near(file.cases[$0], Self.margin) }
    var counts = Contingency()
    for burst in bursts {
      counts.harmed += burst.counts.harmed
      counts.foretold += burst.counts.foretold
    }
    let length = bursts.reduce(0) { $0 + $1.to - $1.from } / Int64(bursts.count)
    var evidence = [
      Diagnosis.Evidence(
        "\(Phrases.number(counts.harmed)) of \(Phrases.number(counts.foretold)) readings that were sent then are missing",
        harmed: Int64(counts.harmed.rounded()), foretold: Int64(counts.foretold.rounded()))
    ]
    for burst in bursts.prefix(3) {
      evidence.append(
        Diagnosis.Evidence(
          "from \(Phrases.instant(burst.from)) for \(Phrases.duration(burst.to - burst.from)): \(Phrases.number(burst.counts.harmed)) of \(Phrases.number(burst.counts.foretold))"
        ))
    }
    let events = coincidences(bursts, file)
    evidence += events
    if let spike = spike(bursts, points) { evidence.append(spike) }
    let number = bursts.count == 1 ? "a burst" : "\(bursts.count) bursts"
    return [
      Hypothesis(
        cause: .lossBurst,
        statement: "loses nearly everything in \(number) of \(Phrases.duration(length))\(bursts.count == 1 ? "" : " on average")",
        evidence: evidence, doubts: events.isEmpty ? ["nothing that the devices went through coincides with it"] : [], contract: .delivery,
        explained: hits, edge: (.lost, { near($0, Self.margin + $0.sentMargin) }), strength: bursts.reduce(0) { $0 + $1.strength },
        detail: { "sent at \(Phrases.instant($0.sent))" })
    ]
  }

  private func coincidences(_ bursts: [Stretches.Stretch], _ file: CaseFile) -> [Diagnosis.Evidence] {
    var evidence: [Diagnosis.Evidence] = []
    for kind in [RunEvent.Kind.connectionLost, .connected, .powerLost, .networkLost, .networkReturned, .acknowledgementTimedOut] {
      let events = file.run.events.filter { $0.kind == kind }
      let total = events.reduce(0) { $0 + $1.count }
      guard total > 0 else { continue }
      var near: Int64 = 0
      for event in events where bursts.contains(where: { $0.from - Self.before <= event.at + 999 && event.at <= $0.from + Self.after }) {
        near += event.count
      }
      // How many of all events fall into the time around the beginnings, against how much of the run that time is.
      let window = Double(Self.before + Self.after) * Double(bursts.count)
      let chance = min(0.999, window / Double(max(1, file.world.fleet.duration)))
      let share = Double(near) / Double(total)
      guard share > chance else { continue }
      let ratio = Double(near) * log(share / chance) + (share < 1 ? Double(total - near) * log((1 - share) / (1 - chance)) : 0)
      guard Support.isSufficient(ratio, tried: RunEvent.Kind.allCases.count) else { continue }
      evidence.append(
        Diagnosis.Evidence(
          "\(Phrases.number(near)) of \(Phrases.number(total)) times that \(Self.text(kind)) fall within \(Phrases.duration(Self.before)) before they began"
        ))
    }
    return evidence
  }

  /// How much more was sent than on average when the bursts began.
  private func spike(_ bursts: [Stretches.Stretch], _ points: [Stretches.Point]) -> Diagnosis.Evidence? {
    guard let first = points.map(\.at).min(), let last = points.map(\.at).max(), last > first else { return nil }
    let average = points.reduce(0.0) { $0 + $1.weight } / Double(last - first) * 1_000
    var sent = 0.0
    for point in points where bursts.contains(where: { $0.from - 1_000 <= point.at && point.at < $0.from + 1_000 }) { sent += point.weight }
    let rate = sent / Double(bursts.count) / 2
    guard rate > average * 2 else { return nil }
    return Diagnosis.Evidence("\(Phrases.number(rate)) readings a second were sent when they began, \(Phrases.number(average)) on average")
  }

  private static func text(_ kind: RunEvent.Kind) -> String {
    switch kind {
    case .connected: "a device connected"
    case .connectionLost: "a connection broke"
    case .powerLost: "a device lost power"
    case .networkLost: "a network went away"
    case .networkReturned: "a network came back"
    case .acknowledgementTimedOut: "an acknowledgement did not come in time"
    }
  }
}
