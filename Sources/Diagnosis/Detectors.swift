/// All detectors, in tiers: what an earlier tier explains, the next ones do not look at any more. So each bad reading is explained once at the
/// most.
enum Detectors {
  /// Each of these has a proof, or a pattern that nothing else makes; the most specific first.
  static var specific: [any Detector.Type] {
    [
      TimeUnitDetector.self, TimeOffsetDetector.self, ArrivalTimeUnitDetector.self, NullValueDetector.self, CounterRegisterDetector.self,
      RoundingDetector.self, SinglePrecisionDetector.self, UnitScaleDetector.self, DeduplicationWindowDetector.self,
      CrashReplayDetector.self, LatenessCutOffDetector.self, FutureCutOffDetector.self,
      DeduplicationKeysDetector.self, CounterResetDetector.self, ZeroHandlingDetector.self, SimilarValueDetector.self,
      PayloadKindDetector.self,
    ]
  }

  /// These ask what a reading belongs to, which a table without identities does not tell.
  private static func needsIdentity(_ type: any Detector.Type) -> Bool {
    let types: [any Detector.Type] = [
      DeduplicationKeysDetector.self, CounterResetDetector.self, ZeroHandlingDetector.self, SimilarValueDetector.self,
      PayloadKindDetector.self, LossByFeatureDetector.self, MissingIDDetector.self,
    ]
    return types.contains { $0 == type }
  }

  /// Patterns that look alike where they overlap: the best supported comes first, then the best of what it leaves.
  static var competing: [any Detector.Type] { [LossBurstDetector.self, LossByFeatureDetector.self] }

  /// What has no pattern.
  static var scattered: [any Detector.Type] {
    [
      RepeatedWritesDetector.self, BrokerStoreGapDetector.self, AcceptedMalformedDetector.self, MissingIDDetector.self,
      InventedRowsDetector.self, WideWindowDetector.self,
    ]
  }

  private static let mostCompeting = 8

  /// Runs all of them; what they explain is marked in the file.
  static func run(_ file: inout CaseFile) -> [Hypothesis] {
    var found: [Hypothesis] = []
    func accept(_ hypotheses: [Hypothesis]) {
      for hypothesis in hypotheses where hypothesis.isTold {
        file.explain(hypothesis)
        found.append(hypothesis)
      }
    }
    let isUsed: (any Detector.Type) -> Bool = { [isAnonymous = file.isAnonymous] in !isAnonymous || !needsIdentity($0) }
    for type in specific where isUsed(type) { accept(type.init().detect(file)) }
    file.absorb(&found)
    for _ in 0..<mostCompeting {
      let candidates = competing.filter(isUsed).flatMap { $0.init().detect(file) }.filter(\.isTold)
      guard let best = candidates.max(by: { $0.strength < $1.strength }) else { break }
      accept([best])
    }
    file.absorb(&found)
    for type in scattered where isUsed(type) { accept(type.init().detect(file)) }
    return found
  }
}

extension Hypothesis {
  /// Whether it explains anything, or is about something that no verdict judges.
  fileprivate var isTold: Bool { !explained.isEmpty || phantoms > 0 || changesNoVerdict }
}
