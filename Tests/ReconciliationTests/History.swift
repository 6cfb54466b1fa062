import FleetSpec
import Foundation
import Ledger
import Reconciliation
import Simulation
import Store
import World

/// A run written down by hand: a small fleet, a ledger and a table, for tests that look at one thing each.
final class History {
  let world: World
  let store: MemoryStore
  /// Asked instead of `store`, when there is one.
  var table: (any RowStore)?
  let folder: String
  /// All readings, device by device.
  private(set) var readings: [[Reading]] = []
  private var runs: [DeliveryRun] = []

  static let start: Milliseconds = 1_782_000_000_000

  /// - Parameters:
  ///   - pipeline: lines of the fleet file's `pipeline` section.
  ///   - faults: the profile's faults.
  ///   - group: further keys of the group of devices.
  ///   - profile: more lines of the profile, indented by four spaces.
  ///   - mapping: further keys of `pipeline.store`.
  init(
    seed: UInt64 = 1, devices: Int = 3, duration: String = "60s", pipeline: String = "", faults: String = "{malformed: 0 %}",
    group: String = "", interval: String = "5s", clock: String = "{}", knowsArrivals: Bool = true, profile: String = "",
    mapping: String = "table: sensor_readings", deviceID: String = "d-{n}", more: String = ""
  ) throws {
    folder = NSTemporaryDirectory() + "heliograph-history-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let text = """
      fleet: history
      seed: \(seed)
      start: 2026-06-21T00:00:00Z
      sun_time: "11:30"
      duration: \(duration)
      sites: [{id: here, latitude: 40, longitude: 0}]
      devices: [{profile: probe, count: \(devices), id: "\(deviceID)"\(group.isEmpty ? "" : ", " + group)}]
      profiles:
        probe:
          profile: probe
          description: two sensors
          firmware: "1.0"
          interval: \(interval)
          \(profile.contains("clock:") ? "# a clock of its own" : "clock: \(clock)")
          sensors:
            - {name: temperature, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: 2, range: [-40, 85], noise: 0.2}
            - {name: humidity, type: HUMIDITY, measures: humidity, unit: "%", decimals: 1, range: [0, 100], noise: 0.5}
          faults: \(faults)
          \(more)
      \(profile)
        box:
          profile: box
          interval: 60s
          sensors: []
      pipeline:
        settling: 1s
        store: {url: "postgresql://nobody@127.0.0.1:1/none", \(mapping)}
      \(pipeline)
      """
    let path = folder + "/fleet.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let fleet = try FleetLoader.loadFleet(path: path).fleet
    world = World(fleet: fleet, start: Self.start)
    let attributes = fleet.pipeline.store?.attributes ?? []
    store = MemoryStore(qualityPosition: attributes.firstIndex { $0.field == .quality }, knowsArrivals: knowsArrivals)
    for device in world.devices.indices {
      var stream = world.stream(device: device)
      var list: [Reading] = []
      while stream.nextSampleTime < Self.start + fleet.duration {
        stream.sample()
        for sensor in 0..<stream.readingCount { list.append(stream.reading(sensor)) }
      }
      readings.append(list)
    }
  }

  /// How long the run went on after its last reading.
  var drain: Milliseconds = 0
  /// Whether the run has kept sums of what it measured.
  var keepsDigests = true
  /// Changes the ledger after it was written.
  var spoil: (String) throws -> Void = { _ in }
  /// Sees the reconciliation before it starts.
  var watch: (Reconciler) -> Void = { _ in }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes the fate of one reading into the ledger.
  func tell(
    _ device: Int, _ seq: Int64, outcome: UInt8 = 1, attempts: Int32 = 1, delay: Milliseconds = 20, span: Milliseconds = 0, ids: Int32 = 1
  ) {
    let time = readings[device][Int(seq)].trueTime
    let sent = outcome <= 2 ? time + delay : 0
    runs.append(
      DeliveryRun(
        device: Int32(device), run: Int32(runs.count), firstSeq: seq, lastSeq: seq, outcome: outcome, attempts: attempts, firstSent: sent,
        lastSent: sent == 0 ? 0 : sent + span, acknowledgedAt: outcome == 1 ? sent + 5 : 0, delayMinimum: delay, delayMaximum: delay,
        ids: ids))
  }

  /// The row that an honest pipeline writes for a reading, also for one that it should have refused.
  func row(_ device: Int, _ seq: Int64) -> TableRow {
    let reading = readings[device][Int(seq)]
    let sensor = world.profile(of: device).sensors[Int(reading.sensor)]
    let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000]
    let prefix = reading.malformation == .unknownDevice ? "unregistered-" : ""
    let profile = world.profile(of: device)
    let attributes = (world.fleet.pipeline.store?.attributes ?? []).map { mapping -> String? in
      switch mapping.field {
      case .siteID: world.devices[device].siteID
      case .deviceID: prefix + world.devices[device].id
      case .sensorType: sensor.type.rawValue
      case .unit: profile.unitLabel(of: reading)
      case .quality: "\(reading.quality.label)"
      }
    }
    return TableRow(
      sensorID: prefix + world.devices[device].sensorID(sensor), timestampMicroseconds: reading.timestamp * 1_000,
      value: Double(reading.value) / powers[profile.decimals(of: reading)], attributes: attributes, message: message(of: reading))
  }

  private func message(of reading: Reading) -> Int64 {
    let identity = world.fleet.pipeline.store?.identity
    if identity?.eventID != nil { return MessageCode.code(boot: reading.boot, sequence: reading.sequence) }
    return identity?.sequence == nil ? 0 : MessageCode.code(sequence: reading.sequence)
  }

  /// Tells and stores every reading for which `isSpecial` is false.
  func tellAndStoreAll(except isSpecial: (Int, Int64) -> Bool = { _, _ in false }) {
    for device in readings.indices {
      for seq in readings[device].indices.map(Int64.init) where !isSpecial(device, seq) {
        tell(device, seq)
        // What goes over a second link is no other reading.
        if !world.devices[device].isSecondLink { store.rows.append(row(device, seq)) }
      }
    }
  }

  struct Outcome {
    var result: ReconciliationResult
    var exceptions: [Reconciliation.Exception]
    var breakdown: VerdictBreakdown

    func verdict(_ device: String, _ seq: Int64) -> Verdict? { exceptions.first { $0.deviceID == device && $0.seq == seq }?.verdict }

    /// The verdict on a reading of one of several devices with the same id.
    func verdict(_ device: String, boot: Int32, _ seq: Int64) -> Verdict? {
      exceptions.first { $0.deviceID == device && $0.boot == boot && $0.seq == seq }?.verdict
    }
  }

  /// Writes the ledger and judges. The wall clock is virtual.
  /// - Parameter killedAt: how long after the start the ledger's last durable point lies; nil for a run that ended well.
  /// - Parameter prepare: changes how the reconciliation is done.
  func judge(
    killedAt: Milliseconds? = nil, waitAtMost: Milliseconds = 60_000, salt: UInt64 = 7,
    prepare: (inout ReconciliationOptions) -> Void = { _ in }
  ) throws -> Outcome {
    try judge(ledger: writeLedger(killedAt: killedAt), waitAtMost: waitAtMost, salt: salt, prepare: prepare)
  }

  /// Judges with a ledger that is there already.
  func judge(
    ledger path: String, waitAtMost: Milliseconds = 60_000, salt: UInt64 = 7, prepare: (inout ReconciliationOptions) -> Void = { _ in }
  ) throws -> Outcome {
    var options = ReconciliationOptions(salt: salt)
    options.waitAtMost = waitAtMost
    prepare(&options)
    let reconciler = try Reconciler(world: world, ledger: LedgerReader(path: path), store: table ?? store, options: options)
    var clock = Self.start + 1_000_000
    reconciler.wallClock = { clock }
    reconciler.pause = { clock += $0 }
    var exceptions: [Reconciliation.Exception] = []
    reconciler.onException = { exceptions.append($0) }
    watch(reconciler)
    let result = try reconciler.reconcile()
    return Outcome(result: result, exceptions: exceptions, breakdown: reconciler.tally.breakdown)
  }

  /// Writes the ledger and tells where it is.
  func writeLedger(killedAt: Milliseconds? = nil) throws -> String {
    let path = folder + "/ledger-\(UUID().uuidString).sqlite"
    var digests = keepsDigests ? DigestBook(world: world, salt: 99) : nil
    for device in readings.indices where !world.devices[device].isSecondLink {
      for reading in readings[device] { digests?.add(reading, device: device) }
    }
    let writer = try LedgerWriter(
      path: path, devices: world.devices.map { LedgerDevice(id: $0.id) },
      facts: [
        ("run_id", "history"), ("state", "running"), ("wall_start", String(Self.start)), ("start", String(Self.start)),
      ] + (digests?.form.facts ?? []))
    var batch = LedgerBatch()
    batch.runs = runs
    if killedAt == nil { digests?.closeAll() }
    digests?.drain(into: &batch)
    if let killedAt {
      batch.durable = Self.start + killedAt
    } else {
      batch.durable = Self.start + world.fleet.duration
      batch.measured = readings.indices.map { (Int32($0), Int64(readings[$0].count)) }
      batch.facts = [("state", "finished"), ("wall_end", String(Self.start + world.fleet.duration + drain)), ("published", "1")]
    }
    writer.submit(batch)
    try writer.close()
    try spoil(path)
    return path
  }
}
