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
    if let told = byArrival(file) { return [told] }
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
    var cause = Diagnosis.Cause.crashReplay
    var statement =
      "processes \(number) of its input twice, about \(Phrases.number(Int64(length))) readings each, as after a crash before the offset was committed"
    if let payload = culprit(stretches, hits, file) {
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

  /// Where the table tells arrivals: second rows that came together while the first ones had come one after the other. Support: the chance
  /// that so many come within so short a time when they come evenly over the run (Poisson, Chernoff), corrected for the number of rows.
  private func byArrival(_ file: CaseFile) -> Hypothesis? {
    let open = file.open(.duplicated)
    let told = open.compactMap { index -> (index: Int, first: Int64, last: Int64)? in
      guard let rows = file.cases[index].rows, let first = rows.firstArrival, let last = rows.lastArrival, last - first >= 1_000 else {
        return nil
      }
      return (index, first, last)
    }.sorted { ($0.last, $0.index) < ($1.last, $1.index) }
    guard told.count >= Support.fewest, told.count * 2 >= open.count else { return nil }
    let perMicrosecond = Double(told.count) / Double(max(1, file.world.fleet.duration * 1_000))
    var crashes: [[Int]] = []
    var start = 0
    for end in 1...told.count where end == told.count || told[end].last - told[end - 1].last > Self.together {
      let group = told[start..<end]
      start = end
      let firsts = group.map(\.first)
      guard group.count >= Support.fewest, let from = group.first?.last, let to = group.last?.last, let began = firsts.min(),
        let ended = firsts.max(), ended - began > to - from
      else { continue }
      let expected = perMicrosecond * Double(to - from + Self.together)
      let count = Double(group.count)
      let ratio = count > expected ? count * log(count / expected) - count + expected : 0
      if Support.isSufficient(ratio, tried: told.count) { crashes.append(group.map(\.index)) }
    }
    let hits = crashes.flatMap { $0 }.sorted()
    guard hits.count * 2 >= told.count else { return nil }
    return hypothesis(hits, crashes.count, file)
  }

  /// Second rows that arrive within this many microseconds of each other come together.
  private static let together: Int64 = 20_000

  private func hypothesis(_ hits: [Int], _ crashes: Int, _ file: CaseFile) -> Hypothesis {
    let length = Phrases.number(Int64(hits.count / max(1, crashes)))
    let number = crashes == 1 ? "a stretch" : "\(Phrases.number(Int64(crashes))) stretches"
    var evidence = [
      Diagnosis.Evidence(
        "the second rows of \(Phrases.number(Int64(hits.count))) readings came together, \(crashes == 1 ? "once" : "\(crashes) times"), "
          + "the first ones one after the other", harmed: Int64(hits.count), foretold: Int64(hits.count))
    ]
    var cause = Diagnosis.Cause.crashReplay
    var statement =
      "processes \(number) of its input twice, about \(length) readings each, as after a crash before the offset was committed"
    if let payload = culprit([], hits, file) {
      evidence.insert(payload.evidence, at: 1)
      cause = payload.kind == .null || payload.kind == .notANumber ? .nullHandling : .crashReplay
      statement =
        "crashes on \(Phrases.kind(payload.kind)) and then processes what came before once more: \(number) of about \(length) readings"
    }
    return Hypothesis(
      cause: cause, statement: statement, evidence: evidence, contract: .delivery, explained: hits,
      detail: { "\($0.rows?.count ?? 2) rows, sent \($0.attempts == 1 ? "once" : "\($0.attempts) times")" })
  }

  /// When the second rows came, where the table tells.
  private func arrivals(_ stretches: [Stretches.Stretch], _ file: CaseFile) -> [Diagnosis.Evidence] {
    guard let stretch = stretches.first else { return [] }
    let seconds = stretch.harmed.compactMap { file.cases[$0].rows?.lastArrival }
    let firsts = stretch.harmed.compactMap { file.cases[$0].rows?.firstArrival }
    guard let from = seconds.min(), let to = seconds.max(), let began = firsts.min(), let ended = firsts.max(), from > ended else {
      return []
    }
    return [
      Diagnosis.Evidence(
        "the first stretch arrived within \(Phrases.duration((ended - began) / 1_000)), and again within \(Phrases.duration((to - from) / 1_000)), "
          + "\(Phrases.duration((from - ended) / 1_000)) later")
    ]
  }

  /// The kind of payload that was sent when the stretches ended, or when their second rows came.
  private func culprit(_ stretches: [Stretches.Stretch], _ hits: [Int], _ file: CaseFile) -> (
    kind: Malformation, evidence: Diagnosis.Evidence
  )? {
    let ends = stretches.map { $0.to - Self.margin / 3 }
    // Second rows that came together are of one crash.
    var crashes: [Milliseconds] = []
    var last = Milliseconds.min
    for arrival in hits.compactMap({ file.cases[$0].rows?.lastArrival }).map({ $0 / 1_000 }).sorted() {
      if last == .min || arrival - last > Self.together / 1_000 { crashes.append(arrival - Self.reaction) }
      last = arrival
    }
    let accepted = file.cases[..<file.badCount].filter { $0.verdict == .acceptedMalformed }
    let payloads = file.refused + accepted
    var best: (kind: Malformation, hits: Int, of: Int, ratio: Double)?
    for moments in [ends, crashes] where !moments.isEmpty {
      for kind in Malformation.allCases where kind != .none {
        let sent = payloads.filter { $0.malformation == kind }.map(\.sent)
        guard let found = coincidence(moments, sent, file), found.ratio > best?.ratio ?? 0 else { continue }
        best = (kind, found.hits, moments.count, found.ratio)
      }
    }
    guard let best, best.ratio - log(Double(Malformation.allCases.count * 2)) >= Self.leastForPayload else { return nil }
    return (
      best.kind,
      Diagnosis.Evidence(
        "\(best.hits) of \(best.of) times \(Phrases.kind(best.kind)) arrived just then", harmed: Int64(best.hits), foretold: Int64(best.of))
    )
  }

  /// At how many moments a payload came within the time of a reaction, and how unlikely that is by chance.
  private func coincidence(_ moments: [Milliseconds], _ sent: [Milliseconds], _ file: CaseFile) -> (hits: Int, ratio: Double)? {
    guard !sent.isEmpty else { return nil }
    let window = Self.reaction + Self.margin / 3
    let hits = moments.filter { moment in sent.contains { $0 >= moment && $0 <= moment + window } }.count
    let rate = Double(sent.count) * Double(window) / Double(max(1, file.world.fleet.duration))
    let chance = min(0.999, 1 - exp(-rate))
    let share = Double(hits) / Double(moments.count)
    guard share >= 0.7, share > chance else { return nil }
    let spared = share < 1 ? Double(moments.count - hits) * log((1 - share) / (1 - chance)) : 0
    return (hits, Double(hits) * log(share / chance) + spared)
  }
}
