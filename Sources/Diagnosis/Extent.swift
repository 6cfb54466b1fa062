import Reconciliation

/// Which readings a harm is confined to, and what share of them it takes.
struct Extent {
  /// `2.0 % of the readings`, or `all readings of site site-01`.
  var text: String
  var evidence: Diagnosis.Evidence

  /// - Parameters:
  ///   - explained: numbers of harmed cases.
  ///   - couldBe: which readings the harm could show on at all.
  init(_ explained: [Int], _ file: CaseFile, what: String, couldBe: (Case) -> Bool = { _ in true }) {
    var isExplained = [Bool](repeating: false, count: file.badCount)
    for index in explained { isExplained[index] = true }
    func isHarmed(_ index: Int) -> Bool { index < file.badCount && isExplained[index] }
    let view = file.cases.indices.filter { file.cases[$0].hasArrived && couldBe(file.cases[$0]) }
    let total = view.reduce(0.0) { $0 + file.cases[$1].weight }
    let harmed = Double(explained.count)
    let best = Separation.ranked(view, nil, file, isHarmed: isHarmed).first
    if let best, best.counts.otherHarmed == 0,
      Support.isSufficient(best.counts.logLikelihoodRatio, tried: best.tried * Feature.allCases.count)
    {
      let name = best.feature.text(best.level, file.world)
      let share = best.counts.shareOfForetold >= 1 ? "all" : Phrases.percent(harmed, of: best.counts.foretold) + " of the"
      text = "\(share) \(what) of \(name)"
      evidence = Diagnosis.Evidence(
        "\(Phrases.number(best.counts.harmed)) of \(Phrases.number(best.counts.foretold)) \(what) of \(name), none of the other "
          + Phrases.number(best.counts.others), harmed: Int64(harmed), foretold: Int64(best.counts.foretold.rounded()), otherHarmed: 0,
        others: Int64(best.counts.others.rounded()))
    } else {
      text = harmed >= total ? "all \(what)" : "\(Phrases.percent(harmed, of: total)) of the \(what)"
      evidence = Diagnosis.Evidence(
        "\(Phrases.number(harmed)) of \(Phrases.number(total)) \(what)", harmed: Int64(harmed), foretold: Int64(total.rounded()))
    }
  }
}

extension Diagnosis.Evidence {
  /// `12,304 of 12,304 later rows lost; 0 of 88,120 others`.
  init(_ counts: Contingency, foretold: String, others: String, harm: String) {
    self.init(
      "\(Phrases.number(counts.harmed)) of \(Phrases.number(counts.foretold)) \(foretold) \(harm); "
        + "\(Phrases.number(counts.otherHarmed)) of \(Phrases.number(counts.others)) \(others)",
      harmed: Int64(counts.harmed.rounded()), foretold: Int64(counts.foretold.rounded()), otherHarmed: Int64(counts.otherHarmed.rounded()),
      others: Int64(counts.others.rounded()))
  }
}
