import Reconciliation

/// Which verdicts a fault site can lead to, and why not to the others.
public enum Possibility {
  /// What stands in the table for devices and network: nothing else had a hand in it.
  static let ofNothing: [Verdict] = [.stored, .duplicated, .discarded, .withheld, .unconfirmed]

  /// The verdicts that a site can be the cause of; none for a site that only makes circumstances.
  public static func verdicts(_ site: FaultSite) -> [Verdict] {
    switch site {
    case .malformed: [.rejected]
    case .acceptsMalformed: [.acceptedMalformed]
    case .killed: [.unconfirmed]
    case .clockSteps, .upsert: [.collided]
    case .brokerDuplicates, .brokerRedelivery, .brokerCrash, .duplicate, .crashReplay, .shortMemory: [.stored, .duplicated]
    case .brokerDelay: [.stored]
    case .brokerAmnesia: [.stored, .lost, .unconfirmed]
    case .drop, .dropBurst, .earlyCutoff, .similarValues, .refusesSound: [.stored, .lost, .droppedLate, .unconfirmed]
    case .contractCutoff: [.stored, .droppedLate, .unconfirmed]
    case .wrongIdentity: [.stored, .lost, .droppedLate, .unconfirmed, .phantom]
    case .timeUnit, .shiftedTimestamp: [.stored, .lost, .misplaced, .phantom]
    case .corruptedValue, .corruptedAttribute, .swappedValues: [.corrupted]
    case .phantom: [.phantom]
    case .slowStore: [.pending]
    case .sharedTable, .outages, .smallBuffer, .heldBack, .repeats, .newIDs, .batchReplays, .clockTrouble, .rollout, .clones,
      .secondLinks, .gateways, .linkFaults, .uploads, .reportFilter, .qosZero, .loss, .lostAcknowledgements, .refusal, .noArrivals,
      .eventIDs, .wideTable, .anonymousTable:
      []
    }
  }

  /// Why a verdict has no other causes.
  public static func reason(_ verdict: Verdict) -> String {
    switch verdict {
    case .stored: "shown for sites that touched a reading which another copy, or the contract, saved"
    case .lost, .droppedLate:
      "only what makes rows go, or puts them under a name that is not the reading's, can lose one; devices and network cannot"
    case .duplicated: "only what makes rows can make too many; repeats of devices count as no site"
    case .corrupted: "only what changes a row's content can; a row at another key is misplaced"
    case .misplaced: "only what changes a row's time can; a row whose value is changed too cannot be matched, and its reading is lost"
    case .phantom: "only rows at keys of nobody are; a moved row is one when its reading is in the table too"
    case .discarded, .withheld: "decided on the device, before any site of network, broker or pipeline"
    case .unconfirmed: "by the network, by a death of heliograph, or lost by the pipeline without having been acknowledged"
    case .rejected: "only payloads that are broken on purpose"
    case .acceptedMalformed: "only a pipeline that does not validate"
    case .collided: "only clocks that run backwards give two readings one key; which of them stays is the store's choice"
    case .pending: "only a store that is not at rest"
    }
  }

  /// The cells that could have been filled and were not; nil stands for no site in particular.
  public static func empty(_ coverage: Coverage) -> [(verdict: Verdict, site: FaultSite?)] {
    var list: [(verdict: Verdict, site: FaultSite?)] = []
    for verdict in ofNothing where coverage[verdict, nil] == 0 { list.append((verdict, nil)) }
    for site in FaultSite.allCases {
      for verdict in verdicts(site) where coverage[verdict, site] == 0 { list.append((verdict, site)) }
    }
    return list
  }
}
