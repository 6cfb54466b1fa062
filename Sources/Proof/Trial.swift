import Diagnosis
import Firmware
import FleetSpec
import Foundation
import Ledger
import Reconciliation
import Simulation
import Transport
import World

/// A reading, or a sum, whose verdict is not what it must be.
public struct Mismatch: Sendable, Equatable, CustomStringConvertible {
  public var description: String
}

/// What came of one virtual run.
public struct TrialOutcome: Sendable {
  public var scenario: Scenario
  /// Empty when every verdict is right.
  public var mismatches: [Mismatch] = []
  /// How the diagnosis did; empty when a verdict is wrong.
  public var diagnosis = DiagnosisTally()
  public var coverage = Coverage()
  public var readings: Int64 = 0
  /// Readings for which the ledger's bounds leave two verdicts open.
  public var uncertain: Int64 = 0
  /// Of the ledger and all verdicts; equal for equal runs.
  public var digest: UInt64 = 0

  public var holds: Bool { mismatches.isEmpty }
}

/// Plays one scenario: real firmware, ledger and reconciliation between a virtual network, broker, pipeline and store.
public struct Trial {
  private let scenario: Scenario
  private let folder: String
  private let mutation: Mutation?
  /// Every so often the ledger is written.
  private static let checkpoints: Milliseconds = 5_000

  /// - Parameter folder: where the fleet file and the ledger may lie for a moment.
  public init(_ scenario: Scenario, folder: String) {
    self.init(scenario, folder: folder, mutation: nil)
  }

  /// - Parameter mutation: how the reconciler is broken on purpose.
  package init(_ scenario: Scenario, folder: String, mutation: Mutation?) {
    self.scenario = scenario
    // A folder of its own: the ledger's thread may still be closing its file while the last trial's folder is being removed.
    self.folder = folder + "/" + UUID().uuidString
    self.mutation = mutation
  }

  /// What a run has left behind.
  private struct Played {
    var truth: Truth
    var rows: [TrackedRow]
    var lastStored: Milliseconds
    var end: Milliseconds
    var death: (durable: Milliseconds, checkpoints: Int32)?
    var contradictions: [String]
    var measured: [Int: Int64]
  }

  private var ledgerPath: String { folder + "/ledger.sqlite" }

  /// - Throws: when the scenario's fleet file is not valid, or the folder cannot be written: a defect of the proof itself.
  public func run() throws -> TrialOutcome {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/fleet.yaml"
    try FleetText(scenario).text.write(toFile: path, atomically: false, encoding: .utf8)
    let fleet = try FleetLoader.loadFleet(path: path).fleet
    let world = World(fleet: fleet, start: fleet.start ?? 0)
    let played = try play(world)
    return try judge(world, played)
  }

  private func play(_ world: World) throws -> Played {
    let truth = Truth(world)
    // Every other ledger holds digests of what was measured; from the others it has to be measured again.
    let digests = Draw(seed: scenario.seed, topic: 2).chance(0.5, 1) ? DigestBook(world: world, salt: scenario.seed) : nil
    let recorder = ProofRecorder(truth, digests: digests)
    let broker = VirtualBroker(scenario.brokerFaults(start: world.start, duration: world.fleet.duration), seed: scenario.seed)
    let pipeline = VirtualPipeline(scenario, truth)
    broker.consume = { pipeline.consume($0, $1, at: $2) }
    broker.forgot = { message in
      let seq = Int(message.reading.seq)
      truth.entries[message.device][seq].arrivedAt = min(truth.entries[message.device][seq].arrivedAt, message.arrived)
      pipeline.lose(truth.originals[message.device], message.reading.seq, .brokerAmnesia)
    }
    let network = Transport.VirtualNetwork(world: world, weather: scenario.weather, broker: broker, recorder: recorder)
    watch(network, truth)
    let writer = try LedgerWriter(
      path: ledgerPath, devices: world.devices.map(Trial.row),
      facts: [
        ("run_id", "proof-\(scenario.seed)"), ("fleet", world.fleet.name), ("seed", String(scenario.seed)), ("start", String(world.start)),
        ("planned_end", String(world.start + world.fleet.duration)), ("state", "running"), ("wall_start", String(world.start)),
      ] + (digests?.form.facts ?? []))
    var durable: Milliseconds = 0
    network.checkpointEvery = Trial.checkpoints
    network.onCheckpoint = { time in
      var batch = LedgerBatch()
      recorder.ledger.drain(into: &batch)
      batch.durable = time
      writer.submit(batch)
      durable = time
      recorder.checkpoints += 1
    }
    network.onEnd = { recorder.isEnding = true }
    let death = scenario.has(.killed) ? deathTime(world) : .max
    let end = network.play(until: death)
    pipeline.finish()
    let isWide = scenario.tableKind == .wide
    let tellsArrivals = !scenario.has(.noArrivals)
    let rows = pipeline.table.rows.filter { !isWide || $0.row.value != nil }.map { tellsArrivals ? $0 : $0.withoutArrival }
    var measured: [Int: Int64] = [:]
    for firmware in network.firmware { firmware.forEachMember { measured[$0] = $1 } }
    if death == .max { writer.submit(lastBatch(world, recorder, measured, end)) }
    try writer.close()
    return Played(
      truth: truth, rows: rows, lastStored: max(end, pipeline.lastStored), end: end,
      death: death == .max ? nil : (durable, recorder.checkpoints), contradictions: recorder.contradictions, measured: measured)
  }

  private func deathTime(_ world: World) -> Milliseconds {
    world.start + Milliseconds((0.2 + 0.9 * scenario.draw(.killed).uniform(1)) * Double(world.fleet.duration))
  }

  private static func row(_ device: DeviceIdentity) -> LedgerDevice {
    LedgerDevice(id: device.id, gateway: device.gateway, twinOf: device.twin?.original ?? -1, twin: device.twin?.kind.rawValue ?? 0)
  }

  private func watch(_ network: Transport.VirtualNetwork<ProofRecorder>, _ truth: Truth) {
    network.onTransmission = { message, _ in
      let seq = Int(message.reading.seq)
      truth.entries[message.device][seq].sends += 1
      truth.entries[message.device][seq].firstSent = min(truth.entries[message.device][seq].firstSent, message.sent)
      truth.entries[message.device][seq].lastSent = max(truth.entries[message.device][seq].lastSent, message.sent)
      truth.entries[message.device][seq].copies |= 1 << UInt32(message.copy)
    }
    network.onAcknowledgement = { device, reading, time in
      let seq = Int(reading.seq)
      truth.entries[device][seq].acknowledgedAt = min(truth.entries[device][seq].acknowledgedAt, time)
    }
  }

  private func lastBatch(_ world: World, _ recorder: ProofRecorder, _ measured: [Int: Int64], _ end: Milliseconds) -> LedgerBatch {
    var batch = LedgerBatch()
    recorder.ledger.endMeasuring()
    recorder.ledger.drain(into: &batch)
    batch.durable = end
    batch.measured = measured.sorted { $0.key < $1.key }.map { (Int32($0.key), $0.value) }
    batch.facts = [
      ("state", "finished"), ("wall_end", String(end)), ("measured_until", String(world.start + world.fleet.duration)), ("published", "0"),
    ]
    return batch
  }

  private func judge(_ world: World, _ played: Played) throws -> TrialOutcome {
    let honest = HonestRow(world)
    let store = MemoryStore(qualityPosition: honest.qualityPosition, knowsArrivals: !scenario.has(.noArrivals))
    let hidden = hiddenRows(world, played)
    let hiddenSet = Set(hidden)
    store.rows = played.rows.indices.filter { !hiddenSet.contains($0) }.map { played.rows[$0].row }
    store.invisible = hidden.map { played.rows[$0].row }
    var options = ReconciliationOptions(salt: scenario.seed)
    // With many samples the digests of such small runs would decide nothing.
    options.samples = [0, 0, 1, 4][Draw(seed: scenario.seed, topic: 2).below(4, 0)]
    options.waitAtMost = hidden.isEmpty ? 60_000 : 3_000
    let ledger = try LedgerReader(path: ledgerPath)
    let reconciler = try Reconciler(world: world, ledger: ledger, store: store, options: options)
    reconciler.mutation = mutation
    var clock = played.lastStored + 1_000
    reconciler.wallClock = { clock }
    reconciler.pause = { clock += $0 }
    var exceptions: [Reconciliation.Exception] = []
    reconciler.onException = { exceptions.append($0) }
    let diagnostician = Diagnostician()
    reconciler.observer = diagnostician
    let result = try reconciler.reconcile()
    // What had not become visible when the wait ended is not there.
    let unseen = Set(hidden.prefix(store.invisible.count))
    let visible = played.rows.indices.filter { !unseen.contains($0) }.map { played.rows[$0] }
    var oracle = Oracle(played.truth, rows: visible, isDrained: store.invisible.isEmpty, end: played.end, death: played.death)
    var outcome = TrialOutcome(scenario: scenario)
    let check: DiagnosisCheck
    if scenario.tableKind == .anonymous {
      AnonymousComparison(oracle.countAnonymously()).check(result, exceptions, into: &outcome)
      check = DiagnosisCheck(scenario)
    } else {
      let comparison = Comparison(scenario, played.truth, oracle.judge())
      comparison.check(result, exceptions, into: &outcome)
      check = DiagnosisCheck(
        scenario, comparison.blames(exceptions), isAtMostOnce: world.fleet.pipeline.delivery == .atMostOnce, stored: result[.stored])
    }
    // A reconciler that is wrong, on purpose or not, misleads any diagnosis.
    let diagnosis = diagnostician.diagnose()
    if outcome.holds { check.check(diagnosis, into: &outcome) }
    outcome.mismatches += played.contradictions.map { Mismatch(description: $0) }
    if played.death == nil { outcome.mismatches += miscounted(played) }
    outcome.digest = try RunDigest.digest(ledger, devices: world.devices.count, exceptions, result, diagnosis)
    return outcome
  }

  /// Readings that the firmware says it has measured must be those of the world.
  private func miscounted(_ played: Played) -> [Mismatch] {
    played.measured.sorted { $0.key < $1.key }.filter { Int64(played.truth.entries[$0.key].count) != $0.value }.map {
      Mismatch(description: "device \($0.key) measured \($0.value) readings, and there are \(played.truth.entries[$0.key].count)")
    }
  }

  /// The rows of a slow store that are still to come; all within the window, so that the store is seen to change.
  private func hiddenRows(_ world: World, _ played: Played) -> [Int] {
    guard scenario.has(.slowStore) else { return [] }
    let range = (world.start * 1_000)..<((world.start + world.fleet.duration) * 1_000)
    let inside = played.rows.indices.filter { range.contains(played.rows[$0].row.timestampMicroseconds) }
    let wanted = scenario.draw(.slowStore).chance(0.3, 1) ? 3 : max(25, inside.count / 4)
    return inside.count < 25 ? Array(inside.suffix(3)) : Array(inside.suffix(wanted))
  }
}
