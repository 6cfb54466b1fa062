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
    // What a broker delivers again after a crash is let through by a filter that has forgotten it.
    case .shortMemory:
      scenario.has(.brokerCrash) ? [.deduplicationWindow, .repeatedWrites, .crashReplay] : [.deduplicationWindow, .repeatedWrites]
    case .brokerAmnesia, .dropBurst: unevenLoss.union([.lossBurst, .brokerStoreGap])
    case .drop: unevenLoss.union([.brokerStoreGap])
    // A clock that is behind, or a sensor that is sent second, makes all readings of a device or sensor late.
    case .earlyCutoff, .contractCutoff: [.latenessCutOff, .futureCutOff, .lossByDevice, .lossBySensor]
    // Where hardly anything changes, hardly anything is let through.
    case .similarValues: [.similarValueDeduplication, .lossBySensor]
    case .refusesSound: unevenLoss.union([.payloadKind, .brokerStoreGap])
    // Cutting off milliseconds is a rounding, and for a device that measures at the same millisecond of each second an offset.
    case .timeUnit: scenario.timeUnit == 2 ? [.rounding, .timeOffset] : [.timeUnit]
    case .shiftedTimestamp: [.timeOffset]
    case .corruptedValue: valueCauses
    case .phantom: [.inventedRows]
    case .acceptsMalformed: [.payloadKind, .nullHandling]
    case .wrongIdentity: [.brokerStoreGap]
    case .upsert, .clockSteps: [.missingID]
    // Without a time of arrival, rows of others pass for rows of the run that were moved.
    case .sharedTable: scenario.has(.noArrivals) ? [.timeOffset] : []
    default: []
    }
  }

  /// What goes over two links, or is sent by two devices, is lost more rarely: then devices differ.
  private var unevenLoss: Set<Diagnosis.Cause> { scenario.has(.secondLinks) || scenario.has(.clones) ? [.lossByDevice] : [] }

  /// Those of which one must be named when the site has made enough readings bad in one way; empty where the verdict does not show what it
  /// did, or nobody could see it.
  func mustName(_ site: FaultSite, _ verdict: Verdict) -> Set<Diagnosis.Cause> {
    switch site {
    case .sharedTable: []
    case .timeUnit, .shiftedTimestamp: verdict == .misplaced ? causes(site) : []
    case .corruptedValue: verdict == .corrupted ? causes(site) : []
    case .wrongIdentity: verdict == .phantom ? [.inventedRows] : causes(site)
    // What the filter let through last shows only where readings arrive once and in the order in which they were measured.
    case .similarValues: hasPlainOrder ? causes(site) : []
    default: causes(site)
    }
  }

  private var hasPlainOrder: Bool {
    let disorder: [FaultSite] = [
      .outages, .heldBack, .repeats, .newIDs, .batchReplays, .clockTrouble, .clockSteps, .clones, .secondLinks, .gateways, .linkFaults,
      .uploads, .loss, .lostAcknowledgements, .refusal, .brokerRedelivery, .brokerDelay, .brokerCrash, .wrongIdentity, .timeUnit,
      .shiftedTimestamp, .upsert,
    ]
    return !disorder.contains { scenario.has($0) }
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

  /// What may be said of a bad verdict whoever has a hand in it.
  func causesOfAnything(_ verdict: Verdict) -> Set<Diagnosis.Cause> {
    switch verdict {
    // Where the contract has no filter and wants each reading once, repeats of devices are stored again.
    case .duplicated: [.deduplicationWindow, .repeatedWrites]
    case .collided: [.missingID]
    // That an acknowledged reading is missing, or that nobody sent a row, is true whatever the reason; what is asked is that the reason is
    // named as well where it has done enough harm.
    case .lost: [.brokerStoreGap]
    case .phantom: [.inventedRows]
    default: []
    }
  }
}
