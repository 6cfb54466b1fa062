import Diagnosis
import Reconciliation

/// What a diagnosis may say of each fault site, and what it must.
///
/// Written from what the sites do and from docs/diagnosis.md, not from what detectors find.
struct Suspicion {
  private let scenario: Scenario

  init(_ scenario: Scenario) { self.scenario = scenario }

  /// The causes that are a true description of what a site does. A site that only makes circumstances, and what changes attributes or swaps
  /// values, has none: no detector is there for them, and what they do stays unexplained.
  func causes(_ site: FaultSite) -> Set<Diagnosis.Cause> {
    switch site {
    case .brokerDuplicates, .duplicate: [.repeatedWrites]
    // What comes twice from the broker comes later than the filter remembers, or there is none: both are true.
    case .brokerRedelivery: [.repeatedWrites, .deduplicationWindow]
    case .brokerCrash, .crashReplay: [.crashReplay, .repeatedWrites]
    case .shortMemory: [.deduplicationWindow, .repeatedWrites]
    case .brokerAmnesia, .dropBurst: [.lossBurst, .brokerStoreGap]
    case .drop: [.brokerStoreGap]
    case .earlyCutoff, .contractCutoff: [.latenessCutOff, .futureCutOff]
    case .similarValues: [.similarValueDeduplication]
    case .refusesSound: [.payloadKind, .brokerStoreGap]
    // Cutting off milliseconds is a rounding.
    case .timeUnit: [.timeUnit, .rounding, .inventedRows]
    case .shiftedTimestamp: [.timeOffset, .inventedRows]
    case .corruptedValue: valueCauses
    case .phantom: [.inventedRows]
    case .acceptsMalformed: [.payloadKind, .nullHandling]
    case .wrongIdentity: [.brokerStoreGap, .inventedRows]
    case .upsert, .clockSteps: [.missingID]
    default: []
    }
  }

  /// Those of which one must be named when the site has done enough harm.
  func mustName(_ site: FaultSite) -> Set<Diagnosis.Cause> {
    switch site {
    // Rows that are moved are invented only where their reading is in the table as well.
    case .timeUnit: [.timeUnit, .rounding]
    case .shiftedTimestamp: [.timeOffset]
    case .phantom: [.inventedRows]
    default: causes(site)
    }
  }

  private var valueCauses: Set<Diagnosis.Cause> {
    switch scenario.valueHarm {
    case 0, 1: [.unitScale]
    case 2: [.nullHandling]
    // Less than one becomes zero.
    case 3: [.rounding, .nullHandling]
    // A constant that is added is no cause that is known.
    case 4: []
    default: [.singlePrecision, .rounding]
    }
  }

  /// What may be said of a bad verdict that no site has a hand in: of a pipeline that keeps the contract as well as its filter allows.
  func causesOfNothing(_ verdict: Verdict) -> Set<Diagnosis.Cause> {
    switch verdict {
    // Where the contract has no filter and wants each reading once, repeats of devices are stored again.
    case .duplicated: [.deduplicationWindow, .repeatedWrites]
    case .collided: [.missingID]
    default: []
    }
  }
}
