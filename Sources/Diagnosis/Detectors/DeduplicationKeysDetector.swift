import Reconciliation

/// Readings are lost that share some fields with an earlier one, but not all that the contract names. Support: the likelihood ratio of the
/// best set of fields, corrected for the sets that were tried, and four in five of such readings lost: others may have passed the filter before they were harmed.
struct DeduplicationKeysDetector: Detector {
  private static let purity = 0.8

  private struct Key {
    var trait: Case.Traits
    var statement: String
    var foretold: String
    /// Whether it keeps one reading of each sample. Where that one is lost behind the filter, none is left.
    var takesSamples: Bool { trait == .sameDeviceAndTime || trait == .sameDeviceAndTimeInAnyWay }
  }

  private static let keys: [Key] = [
    Key(
      trait: .sameDeviceAndTime, statement: "takes readings of a device with the same timestamp for repeats, whatever their sensor",
      foretold: "readings with the device and timestamp of a stored one"),
    Key(
      trait: .sameDeviceAndTimeInAnyWay, statement: "takes readings of a device with the same timestamp for repeats, whatever their sensor",
      foretold: "readings with the device and timestamp of one that is stored in some way"),
    Key(
      trait: .sameNumber, statement: "takes readings of a device with the same number for repeats, although it counts anew after each boot",
      foretold: "readings with the device and number of an earlier one"),
    Key(
      trait: .sameSecond, statement: "takes readings of a sensor within the same second for repeats",
      foretold: "readings within the second of the sensor's last one"),
  ]

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let view = file.view(.lost)
    let candidates = Self.keys.map { key in (key, file.count(view, .lost) { $0.traits.contains(key.trait) }) }
    let best = candidates.filter { $0.1.shareOfForetold >= Self.purity }.max { $0.1.logLikelihoodRatio < $1.1.logLikelihoodRatio }
    guard let (key, counts) = best, Support.isSufficient(counts.logLikelihoodRatio, tried: Self.keys.count) else { return [] }
    let foretells: (Case) -> Bool = { $0.traits.contains(key.trait) }
    return [
      Hypothesis(
        cause: .deduplicationKeys, statement: key.statement,
        evidence: [Diagnosis.Evidence(counts, foretold: key.foretold, others: "others", harm: "are missing")], contract: .deduplication,
        explained: file.open(.lost).filter { foretells(file.cases[$0]) }, foretells: (.lost, foretells),
        edge: key.takesSamples ? (.lost, { $0.traits.contains(.sharesSample) }) : nil)
    ]
  }
}
