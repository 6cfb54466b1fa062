import FleetSpec
import Reconciliation
import World

/// A reading by who measured it and its number.
struct ReadingName: Hashable {
  var device: Int
  var seq: Int
}

/// What the verdicts must be.
struct Expectation {
  /// By device and number.
  var verdicts: [[VerdictSet]]
  /// How many rows of each sensor are phantoms, and how many readings misplaced: where several have the same value, it is only known how many.
  var phantoms: [String: Int] = [:]
  var misplaced: [String: Int] = [:]
  /// What made the verdict, where something did.
  var causes: [ReadingName: FaultSite] = [:]
  var phantomCauses: [FaultSite: Int] = [:]
}

/// Works out from the truth what the verdicts must be, as docs/verdicts.md has it. It knows where each row came from, while a reconciliation
/// has to find out; it shares no code with one.
struct Oracle {
  private let truth: Truth
  private let rows: [TrackedRow]
  private let isDrained: Bool
  private let contract: Pipeline
  private let honest: HonestRow
  private let fates: [Int: TrueFates]
  /// Whose row may stand under the id of a device that nobody has registered.
  private let mayBeUnknown: Bool
  private var expectation: Expectation
  private var readingsAt: [RowKey: [ReadingName]] = [:]
  private var rowsAt: [RowKey: [TrackedRow]] = [:]
  private var strays: [TrackedRow] = []
  /// Readings without a row at their key.
  private var missing: [ReadingName] = []

  /// - Parameters:
  ///   - rows: those that can be seen in the table.
  ///   - isDrained: whether the store had come to rest.
  ///   - death: of a run that was killed: the last durable instant and the checkpoints until then.
  init(_ truth: Truth, rows: [TrackedRow], isDrained: Bool, death: (durable: Milliseconds, checkpoints: Int32)?) {
    self.truth = truth
    self.rows = rows
    self.isDrained = isDrained
    contract = truth.world.fleet.pipeline
    honest = HonestRow(truth.world)
    var fates: [Int: TrueFates] = [:]
    for device in truth.world.devices.indices where truth.originals[device] == device {
      fates[device] = TrueFates(truth, device: device, death: death)
    }
    self.fates = fates
    mayBeUnknown = truth.world.fleet.profiles.contains { $0.faults.malformedKinds.contains { $0.kind == .unknownDevice } }
    expectation = Expectation(verdicts: truth.entries.map { [VerdictSet](repeating: .uncounted, count: $0.count) })
  }

  private func fate(_ name: ReadingName) -> TrueFate {
    // There is a fate for each device that measures.
    fates[name.device]?.fate(name.seq)
      ?? TrueFate(
        outcome: .beyond, sends: 0, ids: 1, span: 0, spanBound: 0, sentLateness: .max, latenessBound: .max, arrivalLateness: .max, ahead: 0,
        isOpenEnded: true)
  }

  private func reading(_ name: ReadingName) -> Reading { truth.entries[name.device][name.seq].reading }

  private mutating func set(_ name: ReadingName, _ verdicts: VerdictSet, _ cause: FaultSite? = nil) {
    expectation.verdicts[name.device][name.seq] = verdicts
    if let cause { expectation.causes[name] = cause }
  }

  mutating func judge() -> Expectation {
    for device in truth.world.devices.indices where truth.originals[device] == device {
      for seq in truth.entries[device].indices {
        let name = ReadingName(device: device, seq: seq)
        readingsAt[truth.key(of: reading(name), device), default: []].append(name)
      }
    }
    for row in rows where row.isOurs { place(row) }
    for (key, names) in readingsAt {
      let found = rowsAt[key] ?? []
      if names.count == 1 { judge(names[0], found) } else { judgeShared(names, found) }
    }
    settle()
    return expectation
  }

  private mutating func place(_ row: TrackedRow) {
    let prefix = "unregistered-"
    var id = row.row.sensorID
    if mayBeUnknown, id.hasPrefix(prefix) { id = String(id.dropFirst(prefix.count)) }
    let key = RowKey(sensorID: id, microseconds: row.row.timestampMicroseconds)
    if readingsAt[key] != nil {
      rowsAt[key, default: []].append(row)
    } else if id.hasPrefix("stranger") {
      // Rows of devices that are not in the fleet are left out.
    } else if id.hasSuffix(".bogus") {
      // A sensor that the device does not have.
      expectation.phantoms[id, default: 0] += 1
      expectation.phantomCauses[.wrongIdentity, default: 0] += 1
    } else {
      strays.append(row)
    }
  }

  private func mustBeRejected(_ reading: Reading) -> Bool { reading.malformation.mustBeRefused && contract.malformed == .reject }

  /// How many rows a reading may have: exactly, and as far as the ledger's bounds may reach.
  private func allowedRows(_ fate: TrueFate) -> ClosedRange<Int> {
    if contract.delivery == .exactlyOnce { return 1...1 }
    let sends = max(1, fate.sends)
    guard let deduplication = contract.deduplication else {
      return contract.delivery == .atLeastOnce || fate.isOpenEnded ? Int.max...Int.max : sends...sends
    }
    let byEventID = deduplication.keys.contains("event_id")
    if fate.isOpenEnded && (deduplication.window != nil || byEventID) { return Int.max...Int.max }
    let messages = byEventID ? fate.ids : 1
    guard let window = deduplication.window, sends > 1, fate.spanBound > window else { return messages...messages }
    return (fate.span > window ? sends : messages)...sends
  }

  private func isAltered(_ row: TrackedRow, _ name: ReadingName) -> Bool {
    let sound = honest.row(reading(name), of: name.device, at: 0)
    return row.row.value != sound.value || row.row.attributes != sound.attributes || row.row.sensorID != sound.sensorID
  }

  private mutating func judge(_ name: ReadingName, _ found: [TrackedRow]) {
    guard !found.isEmpty else {
      missing.append(name)
      return
    }
    let fate = fate(name)
    guard fate.mayHaveArrived else {
      strays += found
      set(name, VerdictSet(fate.outcome == .withheld ? .withheld : .discarded))
      return
    }
    if mustBeRejected(reading(name)) {
      set(name, VerdictSet(.acceptedMalformed), .acceptsMalformed)
      return
    }
    let altered = found.first { isAltered($0, name) }
    var verdicts = VerdictSet()
    let allowed = allowedRows(fate)
    if found.count > allowed.lowerBound { verdicts.insert(.duplicated) }
    if found.count <= allowed.upperBound { verdicts.insert(altered == nil ? .stored : .corrupted) }
    set(name, verdicts, found.count > allowed.lowerBound ? found.last?.cause : altered?.cause)
  }

  /// Readings with one key: rows are handed out by what they say.
  private mutating func judgeShared(_ names: [ReadingName], _ found: [TrackedRow]) {
    var left = found
    var classes: [[ReadingName]] = []
    // What must be refused comes last, and what never left the device gets nothing.
    for wantsRejected in [false, true] {
      for name in names where mustBeRejected(reading(name)) == wantsRejected {
        guard fate(name).mayHaveArrived else {
          missing.append(name)
          continue
        }
        let index = classes.firstIndex { other in
          mustBeRejected(reading(other[0])) == wantsRejected && !isAltered(sample(name), other[0])
        }
        if let index { classes[index].append(name) } else { classes.append([name]) }
      }
    }
    var unserved: [ReadingName] = []
    for members in classes {
      let equal = left.filter { !isAltered($0, members[0]) }
      guard !equal.isEmpty else {
        unserved += members
        continue
      }
      let isRefused = mustBeRejected(reading(members[0]))
      left.removeAll { !isAltered($0, members[0]) }
      serve(members, equal, isRefused)
    }
    let altered = left
    for (index, name) in unserved.filter({ !found.isEmpty && !mustBeRejected(reading($0)) }).enumerated() {
      // Something else than what was sent stands there; when there is too little of it, nobody can say whose it is.
      let claimants = unserved.filter { !mustBeRejected(reading($0)) }.count
      var verdicts = VerdictSet()
      if !altered.isEmpty { verdicts.insert(.corrupted) }
      if altered.count < claimants {
        if fate(name).outcome == .beyond { verdicts.mayBeUncounted = true } else { verdicts.insert(.collided) }
      }
      let collision = truth.entries[name.device][name.seq].lossCause == .upsert ? FaultSite.upsert : .clockSteps
      set(name, verdicts, index < altered.count ? altered[index].cause : collision)
      if !left.isEmpty { left.removeFirst() }
    }
    missing += unserved.filter { found.isEmpty || mustBeRejected(reading($0)) }
    strays += left
  }

  private func sample(_ name: ReadingName) -> TrackedRow {
    TrackedRow(row: honest.row(reading(name), of: name.device, at: 0), device: name.device, seq: Int64(name.seq), cause: nil)
  }

  /// Readings that say the same at the same key, and the rows that say so too.
  private mutating func serve(_ members: [ReadingName], _ equal: [TrackedRow], _ isRefused: Bool) {
    let fates = members.map(fate)
    let allowed = fates.reduce(0) {
      $0.addingReportingOverflow(allowedRows($1).upperBound).overflow ? .max : $0 + allowedRows($1).upperBound
    }
    var verdicts = VerdictSet(isRefused ? .acceptedMalformed : .stored)
    if equal.count > allowed && !isRefused {
      verdicts = members.count == 1 ? VerdictSet(.duplicated) : VerdictSet(.stored, .duplicated)
    }
    let certain = members.filter { fate($0).outcome != .beyond }
    if equal.count < certain.count { verdicts.insert(isRefused ? .rejected : .collided) }
    for name in members {
      var own = verdicts
      if fate(name).outcome == .beyond {
        // Those that have surely been measured come first.
        if equal.count <= certain.count { own = .uncounted } else { own.mayBeUncounted = equal.count < members.count }
      }
      let collision = equal.count < certain.count ? FaultSite.clockSteps : nil
      set(name, own, isRefused ? .acceptsMalformed : equal.last?.cause ?? collision)
    }
  }
}

extension Oracle {
  private struct Group: Hashable {
    var sensorID: String
    var value: Double?
  }

  /// Strays and missing readings of one sensor and value belong together.
  private mutating func settle() {
    var groups: [Group: (strays: [TrackedRow], missing: [ReadingName])] = [:]
    for row in strays {
      var id = row.row.sensorID
      if mayBeUnknown, id.hasPrefix("unregistered-") { id = String(id.dropFirst("unregistered-".count)) }
      groups[Group(sensorID: id, value: row.row.value), default: ([], [])].strays.append(row)
    }
    for name in missing {
      let fate = fate(name)
      guard fate.outcome != .beyond else { continue }
      let without = verdictWithoutRow(name, fate)
      set(name, without, lossCause(name))
      guard fate.mayHaveArrived else { continue }
      let row = honest.row(reading(name), of: name.device, at: 0)
      let group = Group(sensorID: truth.sensorID(name.device, reading(name).sensor), value: row.value)
      groups[group]?.missing.append(name)
    }
    for (group, members) in groups { settle(group, members.strays, members.missing) }
  }

  private mutating func settle(_ group: Group, _ strays: [TrackedRow], _ missing: [ReadingName]) {
    let matched = min(strays.count, missing.count)
    if matched > 0 { expectation.misplaced[group.sensorID, default: 0] += matched }
    if strays.count > matched { expectation.phantoms[group.sensorID, default: 0] += strays.count - matched }
    for name in missing where matched > 0 {
      var verdicts = matched == missing.count ? VerdictSet(.misplaced) : verdictWithoutRow(name, fate(name))
      verdicts.insert(.misplaced)
      set(name, verdicts, strays.first { $0.device == name.device && $0.seq == Int64(name.seq) }?.cause ?? strays.first?.cause)
    }
    for row in strays.suffix(strays.count - matched) {
      if let cause = row.cause { expectation.phantomCauses[cause, default: 0] += 1 }
    }
  }

  private func lossCause(_ name: ReadingName) -> FaultSite? {
    let own = truth.entries[name.device][name.seq]
    if mustBeRejected(own.reading) { return .malformed }
    return own.lossCause ?? (fate(name).outcome == .unknown ? .killed : nil)
  }

  private func verdictWithoutRow(_ name: ReadingName, _ fate: TrueFate) -> VerdictSet {
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
