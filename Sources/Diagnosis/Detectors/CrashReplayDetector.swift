import FleetSpec
import Glibc
import Reconciliation
import World

/// Stretches, in the order of sending, in which nearly everything is stored twice, however often it was sent. Support: the likelihood ratio
/// of each stretch, corrected for all pairs of ends. Where payloads of one kind arrive at the ends of the stretches more often than chance
/// has it (binomial), they are what the pipeline crashes on.
struct CrashReplayDetector: Detector {
  private static let share = 0.9
  /// What lies this close to a stretch belongs to it: instants of sending are known to within the ledger's bounds.
  private static let margin: Milliseconds = 300
  /// A crash comes this long after the payload was sent, at the most.
  private static let reaction: Milliseconds = 500
  /// One in a hundred: it refines a finding that has its own support.
  private static let leastForPayload = log(100.0)

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let points = file.view(.duplicated).map { index in
      let item = file.cases[index]
      let isHarmed = item.verdict == .duplicated
      return Stretches.Point(at: item.sent, isHarmed: isHarmed, weight: item.weight, index: isHarmed ? index : -1)
    }
    let stretches = Stretches.find(points, share: Self.share)
    guard !stretches.isEmpty else { return [] }
    let hits = file.open(.duplicated).filter { index in
      let sent = file.cases[index].sent
      return stretches.contains { $0.from - Self.margin <= sent && sent <= $0.to + Self.margin }
    }
    var counts = Contingency()
    for stretch in stretches {
      counts.harmed += stretch.counts.harmed
      counts.foretold += stretch.counts.foretold
    }
    let length = hits.count / stretches.count
    let number = stretches.count == 1 ? "a stretch" : "\(Phrases.number(Int64(stretches.count))) stretches"
    var evidence = [
      Diagnosis.Evidence(
        "\(Phrases.number(counts.harmed)) of \(Phrases.number(counts.foretold)) readings in \(number), about \(Phrases.number(Int64(length))) each",
        harmed: Int64(counts.harmed.rounded()), foretold: Int64(counts.foretold.rounded()))
    ]
    for stretch in stretches.prefix(3) {
      evidence.append(
        Diagnosis.Evidence(
          "sent from \(Phrases.instant(stretch.from)) for \(Phrases.duration(stretch.to - stretch.from)): \(Phrases.number(stretch.counts.harmed)) of \(Phrases.number(stretch.counts.foretold))"
        ))
    }
    evidence += arrivals(stretches, file)
    var cause = Cause.crashReplay
    var statement =
      "processes \(number) of its input twice, about \(Phrases.number(Int64(length))) readings each, as after a crash before the offset was committed"
    if let payload = culprit(stretches, file) {
      evidence.insert(payload.evidence, at: 1)
      cause = payload.kind == .null || payload.kind == .notANumber ? .nullHandling : .crashReplay
      statement =
        "crashes on \(Phrases.kind(payload.kind)) and then processes what came before once more: \(number) of about \(Phrases.number(Int64(length))) readings"
    }
    return [
      Hypothesis(
        cause: cause, statement: statement, evidence: evidence, contract: .delivery, explained: hits,
        detail: { "\($0.rows?.count ?? 2) rows, sent \($0.attempts == 1 ? "once" : "\($0.attempts) times")" })
    ]
  }

  /// When the second rows came, where the table tells.
  private func arrivals(_ stretches: [Stretches.Stretch], _ file: CaseFile) -> [Diagnosis.Evidence] {
    guard let stretch = stretches.first else { return [] }
    let seconds = stretch.harmed.compactMap { file.cases[$0].rows?.lastArrival }
    let firsts = stretch.harmed.compactMap { file.cases[$0].rows?.firstArrival }
    guard let from = seconds.min(), let to = seconds.max(), let began = firsts.min(), let ended = firsts.max(), to > ended else {
      return []
    }
    return [
      Diagnosis.Evidence(
        "the first stretch arrived within \(Phrases.duration((ended - began) / 1_000)), and again within \(Phrases.duration((to - from) / 1_000)), "
          + "\(Phrases.duration((from - ended) / 1_000)) later")
    ]
  }

  /// The kind of payload that was sent at the ends of the stretches.
  private func culprit(_ stretches: [Stretches.Stretch], _ file: CaseFile) -> (kind: Malformation, evidence: Diagnosis.Evidence)? {
    let duration = Double(max(1, file.world.fleet.duration))
    var best: (kind: Malformation, hits: Int, ratio: Double)?
    for kind in Malformation.allCases where kind != .none {
      let sent = file.refused.filter { $0.malformation == kind }.map(\.sent).sorted()
      guard !sent.isEmpty else { continue }
      let hits = stretches.filter { stretch in sent.contains { $0 >= stretch.to - Self.margin / 3 && $0 <= stretch.to + Self.reaction } }
        .count
      let window = Double(Self.reaction + Self.margin / 3)
      let chance = min(0.999, 1 - exp(-Double(sent.count) * window / duration))
      let share = Double(hits) / Double(stretches.count)
      guard share >= 0.7, share > chance else { continue }
      let ratio =
        Double(hits) * log(share / chance)
        + (share < 1 ? Double(stretches.count - hits) * log((1 - share) / (1 - chance)) : 0)
      if ratio > best?.ratio ?? 0 { best = (kind, hits, ratio) }
    }
    guard let best, best.ratio - log(Double(Malformation.allCases.count)) >= Self.leastForPayload else { return nil }
    return (
      best.kind,
      Diagnosis.Evidence(
        "\(best.hits) of \(stretches.count) stretches end when \(Phrases.kind(best.kind)) arrives", harmed: Int64(best.hits),
        foretold: Int64(stretches.count))
    )
  }
}
