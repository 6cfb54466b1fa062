/// A place where something can go wrong in a virtual run. Each seed switches some of them on; a site that is on fires now and then.
///
/// The order is part of the seeds' meaning: new sites go to the end.
public enum FaultSite: String, CaseIterable, Sendable, Codable, Comparable {
  // Devices, and what they are told to do.
  case outages
  case smallBuffer = "small_buffer"
  case heldBack = "held_back"
  case repeats
  case newIDs = "new_ids"
  case batchReplays = "batch_replays"
  case malformed
  case clockTrouble = "clock_trouble"
  case clockSteps = "clock_steps"
  case rollout
  case clones
  case secondLinks = "second_links"
  case gateways
  case linkFaults = "link_faults"
  case uploads
  case reportFilter = "report_filter"
  case qosZero = "qos_0"
  // The network, and heliograph itself.
  case loss
  case lostAcknowledgements = "lost_acknowledgements"
  case refusal
  case killed
  // The broker.
  case brokerDuplicates = "broker_duplicates"
  case brokerRedelivery = "broker_redelivery"
  case brokerDelay = "broker_delay"
  case brokerCrash = "broker_crash"
  case brokerAmnesia = "broker_amnesia"
  // The pipeline.
  case drop
  case dropBurst = "drop_burst"
  case earlyCutoff = "early_cutoff"
  case contractCutoff = "contract_cutoff"
  case duplicate
  case crashReplay = "crash_replay"
  case shortMemory = "short_memory"
  case similarValues = "similar_values"
  case timeUnit = "time_unit"
  case shiftedTimestamp = "shifted_timestamp"
  case corruptedValue = "corrupted_value"
  case corruptedAttribute = "corrupted_attribute"
  case swappedValues = "swapped_values"
  case phantom
  case acceptsMalformed = "accepts_malformed"
  case refusesSound = "refuses_sound"
  case wrongIdentity = "wrong_identity"
  // The store.
  case upsert
  case slowStore = "slow_store"
  case sharedTable = "shared_table"
  // What the table looks like; these harm nothing.
  case noArrivals = "no_arrivals"
  case eventIDs = "event_ids"
  case wideTable = "wide_table"
  case anonymousTable = "anonymous_table"

  /// Where the site lies.
  public enum Place: Sendable {
    case device
    case network
    case broker
    case pipeline
    case store
  }

  var number: UInt64 { UInt64(FaultSite.allCases.firstIndex(of: self) ?? 0) }

  public var place: Place {
    switch self {
    case .outages, .smallBuffer, .heldBack, .repeats, .newIDs, .batchReplays, .malformed, .clockTrouble, .clockSteps, .rollout, .clones,
      .secondLinks, .gateways, .linkFaults, .uploads, .reportFilter, .qosZero:
      .device
    case .loss, .lostAcknowledgements, .refusal, .killed: .network
    case .brokerDuplicates, .brokerRedelivery, .brokerDelay, .brokerCrash, .brokerAmnesia: .broker
    case .drop, .dropBurst, .earlyCutoff, .contractCutoff, .duplicate, .crashReplay, .shortMemory, .similarValues, .timeUnit,
      .shiftedTimestamp, .corruptedValue, .corruptedAttribute, .swappedValues, .phantom, .acceptsMalformed, .refusesSound, .wrongIdentity:
      .pipeline
    case .upsert, .slowStore, .sharedTable, .noArrivals, .eventIDs, .wideTable, .anonymousTable: .store
    }
  }

  public static func < (left: FaultSite, right: FaultSite) -> Bool { left.number < right.number }
}
