import FleetSpec
import Reconciliation
import World

/// Stretches, in the order of sending, in which nearly everything is stored twice, however often it was sent. Where the table tells arrivals,
/// second rows that came at once show them; else support is the likelihood ratio of each stretch, corrected for all pairs of ends. Where
/// payloads of one kind arrive at the ends of the stretches more often than chance has it, they are what the pipeline crashes on.
struct CrashReplayDetector: Detector {
  private static let share = 0.9
  /// What lies this close to a stretch belongs to it: instants of sending are known to within the ledger's bounds.
  private static let margin: Milliseconds = 300

  /// A stretch of input that was processed twice.
  struct Replay {
    var from: Milliseconds
    var to: Milliseconds
    /// Numbers of the readings that were stored twice.
    var hits: [Int]
    var counts: Contingency
    /// When the pipeline crashed, on the clock of sending.
    var crashed: ClosedRange<Milliseconds>
  }

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let replays = byArrival(file) + bySending(file)
    guard !replays.isEmpty else { return [] }
    guard let culprit = Culprit.find(replays, file) else { return [hypothesis(replays, nil, file)] }
    let own = replays.filter { culprit.isNear($0) }
    let others = replays.filter { !culprit.isNear($0) }
    let left = others.reduce(0) { $0 + $1.hits.count }
    // A few that seem to have no reason have one that the ledger knows too vaguely.
    guard left >= Support.fewest, left * 10 >= own.reduce(0, { $0 + $1.hits.count }) else { return [hypothesis(replays, culprit, file)] }
    return [hypothesis(own, culprit, file), hypothesis(others, nil, file)]
  }

  private func byArrival(_ file: CaseFile) -> [Replay] {
    let batches = ReplayBatches.find(file)
    guard !batches.isEmpty else { return [] }
    let sent = file.view(.duplicated).map { (at: file.cases[$0].sent, weight: file.cases[$0].weight) }.sorted { $0.at < $1.at }
    let clock = ArrivalClock(batches.flatMap(\.harmed), file)
    return batches.map { batch in
      let inside = sent.reduce(0.0) { $0 + (batch.sent.contains($1.at) ? $1.weight : 0) }
      let counts = Contingency(harmed: Double(batch.harmed.count), foretold: max(Double(batch.harmed.count), inside))
      return Replay(
        from: batch.sent.lowerBound, to: batch.sent.upperBound, hits: batch.harmed.sorted(), counts: counts,
        crashed: clock.sent(before: batch.again.lowerBound) ?? Culprit.window(behind: batch.sent.upperBound))
    }
  }

  /// What no batch of arrivals shows: the table does not tell arrivals, or not those of second rows.
  private func bySending(_ file: CaseFile) -> [Replay] {
    let taken = Set(ReplayBatches.find(file).flatMap(\.harmed))
    let view = file.view(.duplicated).filter { !taken.contains($0) }
    let points = view.map { index in
      let item = file.cases[index]
      let isHarmed = item.verdict == .duplicated
      return Stretches.Point(at: item.sent, isHarmed: isHarmed, weight: item.weight, index: isHarmed ? index : -1)
    }
    let stretches = Stretches.find(points, share: Self.share)
    let open = file.open(.duplicated).filter { !taken.contains($0) }
    var isTaken = [Bool](repeating: false, count: file.badCount)
    return stretches.map { stretch in
      let hits = open.filter { index in
        let sent = file.cases[index].sent
        return !isTaken[index] && stretch.from - Self.margin <= sent && sent <= stretch.to + Self.margin
      }
      for index in hits { isTaken[index] = true }
      return Replay(
        from: stretch.from, to: stretch.to, hits: hits, counts: stretch.counts, crashed: Culprit.window(behind: stretch.to))
    }.filter { !$0.hits.isEmpty }
  }

  private func hypothesis(_ replays: [Replay], _ culprit: Culprit?, _ file: CaseFile) -> Hypothesis {
    let hits = replays.flatMap(\.hits).sorted()
    let harmed = replays.reduce(0) { $0 + $1.counts.harmed }
    let foretold = replays.reduce(0) { $0 + $1.counts.foretold }
    let length = Phrases.number(Int64(hits.count / replays.count))
    let number = replays.count == 1 ? "a stretch" : "\(Phrases.number(Int64(replays.count))) stretches"
    var evidence = [
      Diagnosis.Evidence(
        "\(Phrases.number(harmed)) of \(Phrases.number(foretold)) readings in \(number), about \(length) each",
        harmed: Int64(harmed.rounded()), foretold: Int64(foretold.rounded()))
    ]
    if let culprit { evidence.append(culprit.evidence(replays)) }
    evidence += replays.prefix(3).map { replay in
      Diagnosis.Evidence(
        "sent from \(Phrases.instant(replay.from)) for \(Phrases.duration(replay.to - replay.from)): "
          + "\(Phrases.number(replay.counts.harmed)) of \(Phrases.number(replay.counts.foretold))")
    }
    evidence += arrivals(replays[0], file)
    let isNull = culprit?.kind == .null || culprit?.kind == .notANumber
    let statement =
      culprit.map {
        "crashes on \(Phrases.kind($0.kind)) and then processes what came before once more: \(number) of about \(length) readings"
      } ?? "processes \(number) of its input twice, about \(length) readings each, as after a crash before the offset was committed"
    let near: (Case) -> Bool = { item in
      let margin = Self.margin + item.sentMargin
      return replays.contains { $0.from - margin <= item.sent && item.sent <= $0.to + margin }
    }
    // Of a crash soon after another one there may be a few readings only, written again when the payload came.
    let clock = ArrivalClock(hits, file)
    let atCrash: (Case) -> Bool = { item in
      guard let culprit, let again = item.rows?.lastArrival, let window = clock.sent(before: again) else { return false }
      return culprit.isNear(window)
    }
    return Hypothesis(
      cause: isNull ? .nullHandling : .crashReplay, statement: statement, evidence: evidence, contract: .delivery, explained: hits,
      edge: (.duplicated, { $0.isWrittenApart && (near($0) || atCrash($0)) }),
      detail: { "\($0.rows?.count ?? 2) rows, sent \($0.attempts == 1 ? "once" : "\($0.attempts) times")" })
  }

  /// When the second rows came, where the table tells.
  private func arrivals(_ replay: Replay, _ file: CaseFile) -> [Diagnosis.Evidence] {
    let seconds = replay.hits.compactMap { file.cases[$0].rows?.lastArrival }
    let firsts = replay.hits.compactMap { file.cases[$0].rows?.firstArrival }
    guard let from = seconds.min(), let to = seconds.max(), let began = firsts.min(), let ended = firsts.max(), from > ended else {
      return []
    }
    return [
      Diagnosis.Evidence(
        "the first stretch arrived within \(Phrases.duration((ended - began) / 1_000)), and again within \(Phrases.duration((to - from) / 1_000)), "
          + "\(Phrases.duration((from - ended) / 1_000)) later")
    ]
  }
}

extension Case {
  /// Whether its rows arrived apart, or nobody knows when they did: two rows at once come from no replay.
  var isWrittenApart: Bool {
    guard let first = rows?.firstArrival, let last = rows?.lastArrival else { return true }
    return last - first >= 1_000
  }
}
