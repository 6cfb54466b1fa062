import FleetSpec
import Reconciliation
import Transport
import World

/// A stream processor on the virtual clock: validates, drops what is late, removes repeats, stores, as the contract asks; and beside that has
/// the defects that the scenario switches on. What it does to a reading it writes into the truth.
final class VirtualPipeline {
  let scenario: Scenario
  let truth: Truth
  let honest: HonestRow
  let contract: Pipeline
  private(set) var table: VirtualTable
  private var memory = DuplicateMemory()
  /// Whether the message at hand is a repeat that should have been known.
  private var wasForgotten = false
  var defects: PipelineDefects
  /// When the last row was stored.
  private(set) var lastStored: Milliseconds

  init(_ scenario: Scenario, _ truth: Truth) {
    self.scenario = scenario
    self.truth = truth
    honest = HonestRow(truth.world)
    contract = truth.world.fleet.pipeline
    // A wide row is filled sensor by sensor; the last message for a column stays.
    table = VirtualTable(upserts: scenario.has(.upsert) || scenario.tableKind == .wide)
    defects = PipelineDefects(scenario, truth.world)
    lastStored = truth.world.start
  }

  /// Takes one delivery of the broker.
  func consume(_ message: VirtualMessage, _ oddity: VirtualBroker.Oddity, at now: Milliseconds) {
    let device = truth.originals[message.device]
    truth.entries[message.device][Int(message.reading.seq)].arrivedAt = min(
      truth.entries[message.device][Int(message.reading.seq)].arrivedAt, message.arrived)
    let reading = message.reading
    if let site = Self.site(of: oddity) { truth.touch(device, reading.seq, site) }
    if let site = defects.swallows(message, now, contract) {
      lose(device, reading.seq, site)
      return
    }
    let mustRefuse = reading.malformation.mustBeRefused && contract.malformed == .reject
    if mustRefuse && !defects.accepts(.acceptsMalformed) { return }
    wasForgotten = false
    if isRepeat(message, device, now) { return }
    if let site = defects.mistakes(reading, device, now) {
      lose(device, reading.seq, site)
      return
    }
    let row = honest.row(reading, of: device, at: now)
    let cause = mustRefuse ? FaultSite.acceptsMalformed : wasForgotten ? .shortMemory : Self.site(of: oddity)
    store(TrackedRow(row: row, device: device, seq: reading.seq, cause: cause), at: now)
  }

  static func site(of oddity: VirtualBroker.Oddity) -> FaultSite? {
    switch oddity {
    case .none: nil
    case .duplicate: .brokerDuplicates
    case .redelivery: .brokerRedelivery
    case .delayed: .brokerDelay
    case .replayed: .brokerCrash
    }
  }

  func lose(_ device: Int, _ seq: Int64, _ site: FaultSite) {
    truth.touch(device, seq, site)
    truth.entries[device][Int(seq)].lossCause = site
  }

  /// Whether a message is dropped as a repeat of an earlier one.
  private func isRepeat(_ message: VirtualMessage, _ device: Int, _ now: Milliseconds) -> Bool {
    guard let deduplication = contract.deduplication else { return false }
    let key: DuplicateMemory.Key
    if deduplication.keys.contains("event_id") {
      let id = truth.world.devices[device].id
      key = .event(
        id: id, boot: message.reading.boot, sequence: message.reading.sequence, copy: message.copy,
        isUnknown: message.reading.malformation == .unknownDevice)
    } else {
      key = .row(truth.key(of: message.reading, device), isUnknown: message.reading.malformation == .unknownDevice)
    }
    // An honest pipeline remembers a little longer than it must: what it is promised about are transmissions, what it sees are deliveries.
    var window = deduplication.window.map { $0 + 45_000 } ?? .max
    if scenario.has(.shortMemory) { window = min(window, 1_000) }
    guard let earlier = memory.last(key, device, message.reading.seq, now) else { return false }
    guard now - earlier.time <= window else {
      wasForgotten = scenario.has(.shortMemory)
      memory.set(key, device, message.reading.seq, now)
      return false
    }
    return true
  }

  private func store(_ honest: TrackedRow, at now: Milliseconds) {
    lastStored = max(lastStored, now)
    for row in defects.harm(honest, truth, now) { insert(row) }
    for row in defects.replay(honest, now) {
      truth.touch(row.device, row.seq, .crashReplay)
      insert(row)
    }
  }

  private func insert(_ row: TrackedRow) {
    if let cause = row.cause, row.device >= 0 { truth.touch(row.device, row.seq, cause) }
    if let older = table.insert(row), older.device >= 0, older.device != row.device || older.seq != row.seq {
      lose(older.device, older.seq, .upsert)
    }
  }

  /// Stores what the defects still hold back, and the rows of others in a table that is shared.
  func finish() {
    for row in defects.held(truth) { insert(row) }
    // Where rows do not tell whose they are, a table can only be shared behind a filter that leaves the others out.
    guard scenario.has(.sharedTable), scenario.tableKind != .anonymous else { return }
    for row in OtherRows(scenario, truth, until: lastStored).rows { table.insert(row) }
  }
}

/// What a pipeline remembers of messages, to know a repeat.
struct DuplicateMemory {
  enum Key: Hashable {
    case event(id: String, boot: Int32, sequence: Int64, copy: Int, isUnknown: Bool)
    case row(RowKey, isUnknown: Bool)
  }
  struct Entry {
    var time: Milliseconds
    var device: Int
    var seq: Int64
  }
  private var entries: [Key: Entry] = [:]

  /// When a message with the key was last let through; nil for never, and then it is now.
  mutating func last(_ key: Key, _ device: Int, _ seq: Int64, _ now: Milliseconds) -> Entry? {
    if let entry = entries[key] { return entry }
    set(key, device, seq, now)
    return nil
  }

  mutating func set(_ key: Key, _ device: Int, _ seq: Int64, _ now: Milliseconds) {
    entries[key] = Entry(time: now, device: device, seq: seq)
  }
}
