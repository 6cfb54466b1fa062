/// All detectors, the most specific first: what one explains, the next ones do not look at any more.
enum Detectors {
  static var inOrder: [any Detector.Type] {
    [
      TimeUnitDetector.self, TimeOffsetDetector.self, ArrivalTimeUnitDetector.self, NullValueDetector.self, CounterRegisterDetector.self,
      RoundingDetector.self, SinglePrecisionDetector.self, UnitScaleDetector.self, DeduplicationWindowDetector.self,
      CrashReplayDetector.self, RepeatedWritesDetector.self, LatenessCutOffDetector.self, FutureCutOffDetector.self,
      DeduplicationKeysDetector.self, CounterResetDetector.self, ZeroHandlingDetector.self, SimilarValueDetector.self,
      PayloadKindDetector.self, LossBurstDetector.self, LossByFeatureDetector.self, BrokerStoreGapDetector.self,
      AcceptedMalformedDetector.self, MissingIDDetector.self, InventedRowsDetector.self,
    ]
  }
}
