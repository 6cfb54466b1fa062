import FleetSpec
import Reconciliation
import World

/// Rows where no reading belongs, and readings without a row.
extension Oracle {
  private struct Group: Hashable {
    var sensorID: String
    var value: Double?
  }

  /// Strays and missing readings of one sensor and value belong together.
  mutating func settle() {
    let strays = tellsMessages ? settleByMessage() : strays
    var groups: [Group: (strays: [TrackedRow], missing: [ReadingName])] = [:]
    for row in strays {
      var id = row.row.sensorID
      if mayBeUnknown, id.hasPrefix("unregistered-") { id = String(id.dropFirst("unregistered-".count)) }
      groups[Group(sensorID: id, value: row.row.value), default: ([], [])].strays.append(row)
    }
    for name in missing {
      let fate = fate(name)
      guard fate.outcome != .beyond else { continue }
      var without = verdictWithoutRow(name, fate)
      if mayBeAccepted.contains(name) { without.insert(.acceptedMalformed) }
      set(name, without, lossCause(name))
      guard fate.mayHaveArrived else { continue }
      let row = honest.row(reading(name), of: name.device, at: 0)
      let group = Group(sensorID: truth.sensorID(name.device, reading(name).sensor), value: row.value)
      groups[group]?.missing.append(name)
    }
    for (group, members) in groups { settle(group, members.strays, members.missing) }
  }

  /// Whether a row may as well have been written by the next run of the same devices in the same table: stamped when this one had stopped
  /// measuring and had ended, by a clock that may be wrong by seconds, and arrived after both.
  /// Whether a reconciliation looks at a row where no reading belongs, and takes it for one of this run.
  enum Sight {
    case always
    case perhaps
    case never
  }

  /// Where rows do not tell when they arrived, nobody can look for those far from the run; how far it looks is not said to the millisecond.
  func sight(_ row: TrackedRow) -> Sight {
    guard !tellsArrivals else { return mayBeOfALaterRun(row) ? .perhaps : .always }
    let time = row.row.timestampMicroseconds / 1_000
    let range = truth.world.timestampRange
    if range.contains(time) { return .always }
    let margin: Milliseconds = 1_200_000
    return (range.lowerBound - margin..<range.upperBound + margin).contains(time) ? .perhaps : .never
  }

  private func mayBeOfALaterRun(_ row: TrackedRow) -> Bool {
    guard let arrival = row.row.ingestedAtMicroseconds else { return false }
    let stamped = row.row.timestampMicroseconds
    let measuredUntil = truth.world.start + truth.world.fleet.duration
    return stamped >= max(measuredUntil, knownEnd - 5_000) * 1_000 && arrival > knownEnd * 1_000 && arrival >= stamped - 5_000_000
  }

  private mutating func settle(_ group: Group, _ strays: [TrackedRow], _ missing: [ReadingName]) {
    let certain = strays.filter { sight($0) == .always }.count
    let matched = Bounds(least: min(certain, missing.count), most: min(strays.count, missing.count))
    if matched.most > 0 { expectation.misplaced[group.sensorID, default: Bounds()].add(matched.least, matched.most) }
    // What is of a later run is none of ours.
    let phantoms = Bounds(least: certain - matched.least, most: strays.count - matched.most)
    if phantoms.most > 0 { expectation.phantoms[group.sensorID, default: Bounds()].add(phantoms.least, phantoms.most) }
    for name in missing where matched.most > 0 {
      var verdicts = matched.least == missing.count ? VerdictSet(.misplaced) : verdictWithoutRow(name, fate(name))
      verdicts.insert(.misplaced)
      set(name, verdicts, strays.first { $0.device == name.device && $0.seq == Int64(name.seq) }?.cause ?? strays.first?.cause)
    }
    for row in strays.suffix(strays.count - matched.most) {
      if let cause = row.cause { expectation.phantomCauses[cause, default: 0] += 1 }
    }
  }

  func lossCause(_ name: ReadingName) -> FaultSite? {
    let own = truth.entries[name.device][name.seq]
    if mustBeRejected(own.reading) { return .malformed }
    return own.lossCause ?? (fate(name).outcome == .unknown ? .killed : nil)
  }

  func verdictWithoutRow(_ name: ReadingName, _ fate: TrueFate) -> VerdictSet {
    let isRejected = mustBeRejected(reading(name))
    switch fate.outcome {
    case .discarded: return VerdictSet(.discarded)
    case .withheld: return VerdictSet(.withheld)
    case .unconfirmed, .unknown, .beyond: return VerdictSet(isRejected ? .rejected : .unconfirmed)
    case .acknowledged: break
    }
    if isRejected { return VerdictSet(.rejected) }
    if let future = contract.futureTolerance, fate.ahead > future { return VerdictSet(.droppedLate) }
    let gone = VerdictSet(isDrained ? .lost : .pending)
    guard let allowed = contract.allowedLateness else { return gone }
    if fate.sentLateness > allowed { return VerdictSet(.droppedLate) }
    var either = gone
    either.insert(.droppedLate)
    // It was sent in time, and what arrived first came too late: the pipeline may have dropped it, so nothing else may be claimed, but
    // for the moment that a message is on the wire, which nobody can know.
    if fate.arrivalLateness > allowed {
      return fate.arrivalLateness < fate.sentLateness.addingReportingOverflow(200).partialValue ? either : VerdictSet(.droppedLate)
    }
    return fate.latenessBound > allowed ? either : gone
  }
}
