import Glibc

/// Two groups of readings and how many of each were harmed.
struct Contingency {
  /// Of those of which harm is foretold.
  var harmed = 0.0
  var foretold = 0.0
  /// Of all others.
  var otherHarmed = 0.0
  var others = 0.0

  mutating func add(isForetold: Bool, isHarmed: Bool, weight: Double) {
    if isForetold {
      foretold += weight
      if isHarmed { harmed += weight }
    } else {
      others += weight
      if isHarmed { otherHarmed += weight }
    }
  }

  /// The share of the foretold that was harmed, 0...1.
  var shareOfForetold: Double { foretold > 0 ? harmed / foretold : 0 }
  var shareOfOthers: Double { others > 0 ? otherHarmed / others : 0 }

  /// By how much likelier the counts are when the groups differ than when they do not, as a natural logarithm; 0 when the foretold were not
  /// harmed more often than the others.
  var logLikelihoodRatio: Double {
    guard foretold > 0, others > 0, shareOfForetold > shareOfOthers else { return 0 }
    return Self.logLikelihood(harmed, foretold) + Self.logLikelihood(otherHarmed, others)
      - Self.logLikelihood(harmed + otherHarmed, foretold + others)
  }

  /// Of `part` of `whole`, at the share that makes it likeliest.
  private static func logLikelihood(_ part: Double, _ whole: Double) -> Double {
    guard part > 0, part < whole else { return 0 }
    let share = part / whole
    return part * log(share) + (whole - part) * log(1 - share)
  }
}

/// How sure a finding has to be.
enum Support {
  /// A pattern that chance alone shows in one of ten thousand runs is none. The chance of a likelihood ratio L is at most exp(-L) for each
  /// of the patterns that were tried (Chernoff), so their number counts against the finding.
  static let least = log(10_000.0)

  static func isSufficient(_ logLikelihoodRatio: Double, tried: Int) -> Bool {
    logLikelihoodRatio - log(Double(max(1, tried))) >= least
  }

  /// The fewest readings of which a pattern can be made out where no likelihood is at hand.
  static let fewest = 5
}
