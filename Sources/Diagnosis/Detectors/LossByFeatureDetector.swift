import FleetSpec
import Glibc
import Reconciliation
import World

/// Readings with something in common are lost more often than others: of a site, a firmware, a sensor, a device, a partition. Support: the
/// likelihood ratio of the best level of all features, corrected for all levels of all features, and a loss that is three times as frequent.
struct LossByFeatureDetector: Detector {
  private static let excess = 3.0

  /// The best one; what it leaves is looked at anew. Where rows do not tell whose they are, which of several readings is lost is not known.
  func detect(_ file: CaseFile) -> [Hypothesis] {
    guard file.pipeline.store?.identity.isNone != true, let best = best(file) else { return [] }
    return [best]
  }

  private func best(_ file: CaseFile) -> Hypothesis? {
    let view = file.view(.lost)
    guard file.open(.lost).count >= Support.fewest else { return nil }
    let ranked = Separation.ranked(view, .lost, file) { file.cases[$0].verdict == .lost }
    let partition = Partitioning.best(view, file)
    let fitting = ranked.filter { Self.fits($0.counts, tried: $0.tried * Feature.allCases.count) }
    if let partition, Self.fits(partition.counts, tried: partition.tried), partition.strength > fitting.first?.strength ?? 0 {
      return byPartition(partition, file)
    }
    guard let first = fitting.first else { return nil }
    return byFeature(first, others: Array(fitting.dropFirst()), file)
  }

  private static func fits(_ counts: Contingency, tried: Int) -> Bool {
    Support.isSufficient(counts.logLikelihoodRatio, tried: tried) && counts.shareOfForetold >= excess * counts.shareOfOthers
  }

  private func byFeature(_ best: Separation, others: [Separation], _ file: CaseFile) -> Hypothesis {
    let world = file.world
    let name = best.feature.text(best.level, world)
    let foretells: (Case) -> Bool = { best.feature.level($0, world) == best.level }
    let share = best.counts.shareOfForetold >= 0.999 ? "all" : Phrases.percent(best.counts.harmed, of: best.counts.foretold) + " of the"
    let doubts = others.filter { best.strength - $0.strength < 5 }.prefix(2).map {
      "it could as well be \($0.feature.text($0.level, world)): \(Phrases.number($0.counts.harmed)) of \(Phrases.number($0.counts.foretold)) are missing there"
    }
    return Hypothesis(
      cause: best.feature.cause, statement: "loses \(share) readings of \(name)",
      evidence: [Diagnosis.Evidence(best.counts, foretold: "of them", others: "others", harm: "are missing")], doubts: Array(doubts),
      contract: .delivery, explained: file.open(.lost).filter { foretells(file.cases[$0]) }, foretells: (.lost, foretells),
      strength: best.strength - log(Double(Feature.allCases.count)), subject: name)
  }

  private func byPartition(_ best: Partitioning, _ file: CaseFile) -> Hypothesis {
    let foretells: (Case) -> Bool = { best.contains($0, file) }
    let hits = file.open(.lost).filter { foretells(file.cases[$0]) }
    return Hypothesis(
      cause: .lossByPartition,
      statement:
        "loses \(best.counts.shareOfForetold >= 0.999 ? "all" : Phrases.percent(best.counts.harmed, of: best.counts.foretold) + " of the") readings of partition \(best.partition) of \(best.partitions)",
      evidence: [
        Diagnosis.Evidence(best.counts, foretold: "readings of the partition", others: "others", harm: "are missing"),
        Diagnosis.Evidence(
          "partitions by murmur2 of \(best.key.text), as Kafka's clients choose them: \(best.keysInside) of \(best.keys) keys belong to it"),
      ], doubts: ["keys and number of partitions are inferred from the losses alone"], contract: .delivery, explained: hits,
      foretells: (.lost, foretells), strength: best.strength, subject: "partition \(best.partition) of \(best.partitions)")
  }
}
