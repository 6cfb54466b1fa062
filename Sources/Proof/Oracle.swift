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
  var phantoms: [String: Bounds] = [:]
  var misplaced: [String: Bounds] = [:]
  /// What made the verdict, where something did.
  var causes: [ReadingName: FaultSite] = [:]
  var phantomCauses: [FaultSite: Int] = [:]
}

/// A number that is known but for what nobody can tell.
struct Bounds: Equatable {
  var least = 0
  var most = 0

  mutating func add(_ least: Int, _ most: Int) {
    self.least += least
    self.most += most
  }
}

/// Works out from the truth what the verdicts must be, as docs/verdicts.md has it. It knows where each row came from, while a reconciliation
/// has to find out; it shares no code with one.
struct Oracle {
  let truth: Truth
  private let rows: [TrackedRow]
  let isDrained: Bool
  let contract: Pipeline
  let honest: HonestRow
  let knownEnd: Milliseconds
  /// Whether the table tells when rows arrived.
  let tellsArrivals: Bool
  /// Whether rows bear the ids of their messages.
  let tellsMessages: Bool
  private let fates: [Int: TrueFates]
  /// Whose row may stand under the id of a device that nobody has registered.
  let mayBeUnknown: Bool
  var expectation: Expectation
  private var readingsAt: [RowKey: [ReadingName]] = [:]
  private var rowsAt: [RowKey: [TrackedRow]] = [:]
  var strays: [TrackedRow] = []
  /// Readings without a row at their key.
  var missing: [ReadingName] = []
  /// Readings to be refused without a row that is surely theirs, of which one may be.
  var mayBeAccepted: Set<ReadingName> = []

  /// - Parameters:
  ///   - rows: those that can be seen in the table.
  ///   - isDrained: whether the store had come to rest.
  ///   - end: when the run ended.
  ///   - death: of a run that was killed: the last durable instant and the checkpoints until then.
  init(
    _ truth: Truth, rows: [TrackedRow], isDrained: Bool, end: Milliseconds, death: (durable: Milliseconds, checkpoints: Int32)?
  ) {
    self.truth = truth
    self.rows = rows
    self.isDrained = isDrained
    // Of a run that was killed nobody knows when it ended, but that it had not before its last durable point.
    knownEnd = max(truth.world.start, death?.durable ?? end)
    contract = truth.world.fleet.pipeline
    honest = HonestRow(truth.world)
    var fates: [Int: TrueFates] = [:]
    for device in truth.world.devices.indices where truth.originals[device] == device {
      fates[device] = TrueFates(truth, device: device, death: death)
    }
    self.fates = fates
    tellsArrivals = truth.world.fleet.pipeline.store?.ingestedAtColumn != nil
    tellsMessages = truth.world.fleet.pipeline.store?.identity.eventID != nil
    mayBeUnknown = truth.world.fleet.profiles.contains { $0.faults.malformedKinds.contains { $0.kind == .unknownDevice } }
    expectation = Expectation(verdicts: truth.entries.map { [VerdictSet](repeating: .uncounted, count: $0.count) })
  }

  func fate(_ name: ReadingName) -> TrueFate {
    // There is a fate for each device that measures.
    fates[name.device]?.fate(name.seq)
      ?? TrueFate(
        outcome: .beyond, sends: 0, ids: 1, span: 0, spanBound: 0, sentLateness: .max, latenessBound: .max, arrivalLateness: .max, ahead: 0,
        isOpenEnded: true)
  }

  func reading(_ name: ReadingName) -> Reading { truth.entries[name.device][name.seq].reading }

  mutating func set(_ name: ReadingName, _ verdicts: VerdictSet, _ cause: FaultSite? = nil) {
    expectation.verdicts[name.device][name.seq] = verdicts
    if let cause { expectation.causes[name] = cause }
  }

  /// All readings by timestamp, microseconds.
  var readingsByInstant: [Int64: [ReadingName]] {
    var list: [Int64: [ReadingName]] = [:]
    for device in truth.world.devices.indices where truth.originals[device] == device {
      for seq in truth.entries[device].indices {
        let name = ReadingName(device: device, seq: seq)
        list[reading(name).timestamp * 1_000, default: []].append(name)
      }
    }
    return list
  }

  var instants: Set<Int64> { Set(truth.keys.map(\.microseconds)) }

  mutating func judge() -> Expectation {
    for device in truth.world.devices.indices where truth.originals[device] == device {
      for seq in truth.entries[device].indices {
        let name = ReadingName(device: device, seq: seq)
        readingsAt[truth.key(of: reading(name), device), default: []].append(name)
      }
    }
    for row in seen { place(row) }
    for (key, names) in readingsAt {
      let found = rowsAt[key] ?? []
      if names.count == 1 {
        judge(names[0], found)
      } else if tellsMessages {
        judgeByMessage(names, found)
      } else {
        judgeShared(names, found)
      }
    }
    settle()
    return expectation
  }

  /// The rows that a reconciliation is asked to look at. Without a time of arrival, other runs cannot be told from this one.
  var seen: [TrackedRow] { tellsArrivals ? rows.filter(\.isOurs) : rows }

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
      guard sight(row) != .never else { return }
      expectation.phantoms[id, default: Bounds()].add(sight(row) == .always ? 1 : 0, 1)
      expectation.phantomCauses[.wrongIdentity, default: 0] += 1
    } else if sight(row) != .never {
      strays.append(row)
    }
  }

  func mustBeRejected(_ reading: Reading) -> Bool { reading.malformation.mustBeRefused && contract.malformed == .reject }

  /// How many rows a reading may have: exactly, and as far as the ledger's bounds may reach.
  func allowedRows(_ fate: TrueFate) -> ClosedRange<Int> {
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
      || row.row.message != sound.message
  }

  mutating func judge(_ name: ReadingName, _ found: [TrackedRow]) {
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
    var served: [(members: [ReadingName], rows: [TrackedRow])] = []
    var claimants: [ReadingName] = []
    for members in classes {
      let equal = left.filter { !isAltered($0, members[0]) }
      left.removeAll { !isAltered($0, members[0]) }
      if equal.isEmpty { unserved += members } else { served.append((members, equal)) }
      if mustBeRejected(reading(members[0])),
        served.contains(where: { $0.rows.count > $0.members.count && !isAltered($0.rows[0], members[0]) })
      {
        // A sound reading says the same: a row too many may be a second one of that, or one that should have been refused.
        mayBeAccepted.formUnion(members)
      }
      guard !found.isEmpty, !mustBeRejected(reading(members[0])) else { continue }
      // Equal readings are interchangeable: those for which no equal row is left claim what else stands there, the sure ones first.
      claimants += members.sorted { isBeyond($1) && !isBeyond($0) }.dropFirst(equal.count)
    }
    for (members, equal) in served {
      let hasRefusedTwin = mayBeAccepted.contains { names.contains($0) && !isAltered(equal[0], $0) }
      serve(
        members, equal, mustBeRejected(reading(members[0])), hasRefusedTwin: hasRefusedTwin, altered: left.count, claimants: claimants.count
      )
    }
    let altered = left
    for (index, name) in unserved.filter({ !found.isEmpty && !mustBeRejected(reading($0)) }).enumerated() {
      // Something else than what was sent stands there; when there is too little of it, nobody can say whose it is.
      var verdicts = VerdictSet()
      if !altered.isEmpty { verdicts.insert(.corrupted) }
      if altered.count < claimants.count {
        if isBeyond(name) { verdicts.mayBeUncounted = true } else { verdicts.insert(.collided) }
      }
      let collision = truth.entries[name.device][name.seq].lossCause == .upsert ? FaultSite.upsert : .clockSteps
      set(name, verdicts, index < altered.count ? altered[index].cause : collision)
    }
    missing += unserved.filter { found.isEmpty || mustBeRejected(reading($0)) }
    strays += unclaimed(altered, by: claimants)
  }

  func isBeyond(_ name: ReadingName) -> Bool { fate(name).outcome == .beyond }

  /// Which altered rows are nobody's when there are more of them than readings without one, as the documentation has it: readings take those
  /// with their own value first, then the others from the least value on.
  private func unclaimed(_ altered: [TrackedRow], by claimants: [ReadingName]) -> [TrackedRow] {
    guard altered.count > claimants.count else { return [] }
    var rest = altered.sorted { $0.row.value ?? -.infinity < $1.row.value ?? -.infinity }
    var others = 0
    for name in claimants {
      let own = honest.row(reading(name), of: name.device, at: 0).value
      if let index = rest.firstIndex(where: { $0.row.value == own }) { rest.remove(at: index) } else { others += 1 }
    }
    return Array(rest.dropFirst(others))
  }

  private func sample(_ name: ReadingName) -> TrackedRow {
    TrackedRow(row: honest.row(reading(name), of: name.device, at: 0), device: name.device, seq: Int64(name.seq), cause: nil)
  }

  /// Readings that say the same at the same key, and the rows that say so too.
  /// - Parameters:
  ///   - altered: how many rows at the key are equal to no reading.
  ///   - claimants: how many readings at the key have no equal row.
  private mutating func serve(
    _ members: [ReadingName], _ equal: [TrackedRow], _ isRefused: Bool, hasRefusedTwin: Bool, altered: Int, claimants: Int
  ) {
    let fates = members.map(fate)
    let allowed = fates.reduce(0) {
      $0.addingReportingOverflow(allowedRows($1).upperBound).overflow ? .max : $0 + allowedRows($1).upperBound
    }
    var verdicts = VerdictSet(isRefused ? .acceptedMalformed : .stored)
    if equal.count > allowed && !isRefused {
      verdicts = members.count == 1 && !hasRefusedTwin ? VerdictSet(.duplicated) : VerdictSet(.stored, .duplicated)
    }
    let certain = members.filter { !isBeyond($0) }
    let isShort = equal.count < certain.count
    if isShort && isRefused { verdicts.insert(.rejected) }
    if isShort && !isRefused && altered < claimants { verdicts.insert(.collided) }
    // Which of them has lost its row to a change nobody can say.
    if isShort && !isRefused && altered > 0 { verdicts.insert(.corrupted) }
    for name in members {
      var own = verdicts
      if isBeyond(name) {
        // Those that have surely been measured come first.
        if equal.count <= certain.count { own = .uncounted } else { own.mayBeUncounted = equal.count < members.count }
        if equal.count < members.count && !isRefused && altered > 0 {
          own.insert(.corrupted)
          own.mayBeUncounted = true
        }
      }
      set(name, own, isRefused ? .acceptsMalformed : equal.last?.cause ?? (isShort ? FaultSite.clockSteps : nil))
    }
  }
}
