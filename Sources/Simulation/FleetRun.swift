import Firmware
import FleetSpec
import Glibc
import Ledger
import Reactor
import Transport
import World

/// Where a run stands, for a progress display.
public struct RunProgress: Sendable {
  public enum Stage: Sendable {
    case measuring
    case draining
    case finished
  }
  public var stage: Stage
  /// Simulated time since the start.
  public var elapsed: Milliseconds
  /// Simulated time that the run measures.
  public var duration: Milliseconds
  /// Devices that hold a connection of their own, gateways among them.
  public var devices: Int
  public var connected: Int
  public var measured: Int64
  public var published: Int64
  /// Readings that were acknowledged and need nothing more.
  public var acknowledged: Int64
  /// Readings that wait in buffers.
  public var backlog: Int
  public var sentAgain: Int64
  public var repeated: Int64
}

/// How a run ended.
public enum RunState: String, Sendable {
  case finished
  case interrupted
  case failed
}

/// Plays a fleet: one event loop that drives firmware, transport and ledger.
public final class FleetRun {
  public let world: World
  public let folder: RunFolder
  /// Called about four times a second.
  public var onProgress: ((RunProgress) -> Void)?

  let reactor: Reactor
  let link: any FleetLink
  let recorder: LedgerRecorder
  let writer: LedgerWriter
  let log: RunLog
  var firmware: [DeviceFirmware]
  var due: DueQueue
  var clock: SimulatedClock
  var inflight = 0
  var meter = LoopMeter()
  /// What the next checkpoint hands to the ledger's writer.
  var unwritten = LedgerBatch()
  var timerLag = DurationHistogram()
  /// What the brokers had acknowledged and lost, once the run has ended.
  public internal(set) var brokerLosses: [BrokerLoss] = []
  /// What people must know to look at the transport from outside; nil for nothing.
  public var announcement: String? { link.announcement }
  var sampler: RunSampler
  var failures: FailureBook
  /// What went wrong for good while the run went on, in sentences; complete when `play` has returned.
  public internal(set) var problems: [String] = []
  var everConnected = 0
  var stopSignal: Int32 = 0
  var state = RunState.finished
  let end: Milliseconds
  let limit: Milliseconds
  /// How many connections the fleet holds when all are up.
  let connections: Int
  let signals: SignalWatcher
  /// The devices that this process plays.
  let own: [Int]

  /// What the transport has counted of its own, for people.
  public var linkSummary: [String] { link.summary }

  /// Starts nothing yet but creates the run's folder, ledger and log.
  /// - Parameters:
  ///   - world: made with the resolved start.
  ///   - resolvedFleet: the text of the fleet file that reproduces the run.
  ///   - transport: how its devices send; its secrets are read now.
  ///   - facts: rows of the ledger's table `run` beside those that the run itself knows.
  ///   - shard: the part of the fleet that this process plays, nil for all of it.
  public init(
    world: World, shard: Shard? = nil, transport: FleetTransport, folder: RunFolder, resolvedFleet: String, speed: Speed,
    facts: [(key: String, value: String)]
  ) throws {
    self.world = world
    self.folder = folder
    reactor = try Reactor()
    // Before any thread is started: a signal goes to whichever thread does not block it.
    signals = try SignalWatcher([SIGINT, SIGTERM], on: reactor)
    end = world.start + world.fleet.duration
    limit = end + world.fleet.drain
    own = world.devices.indices.filter { shard?.contains($0, of: world) ?? true }
    connections = own.count { world.devices[$0].gateway < 0 }
    link = try FleetTransportLink.open(transport, world: world, reactor: reactor)
    failures = FailureBook(devices: world.devices.count, choices: transport.choices)
    let intervals = RunIntervals(start: world.start, duration: world.fleet.duration, drain: world.fleet.drain)
    sampler = RunSampler(intervals)
    let wallStart = SimulatedClock.wallMilliseconds()
    // Keys of its own for each run: what hides from one set of keys shows under another.
    let digests = DigestBook(world: world, salt: world.fleet.seed ^ UInt64(bitPattern: wallStart &* 0x2545_F491_4F6C_DD1D))
    recorder = LedgerRecorder(deviceCount: world.devices.count, digests: digests, counters: IntervalCounters(intervals))
    try folder.create()
    try resolvedFleet.write(toFile: folder.fleetFile, atomically: true, encoding: .utf8)
    log = try RunLog(path: folder.logFile)
    let known: [(key: String, value: String)] = [
      ("run_id", folder.runID), ("fleet", world.fleet.name), ("seed", String(world.fleet.seed)), ("start", String(world.start)),
      ("planned_end", String(world.start + world.fleet.duration)), ("state", "running"),
      ("wall_start", String(wallStart)), ("interval", String(intervals.length)), ("shard", (shard ?? Shard.whole).description),
    ]
    clock = SimulatedClock(start: world.start, speed: speed)
    let workspace = world.workspace()
    let catalogue = FirmwareCatalogue(world: world, end: end)
    firmware = world.devices.indices.map { DeviceFirmware(catalogue, device: $0, workspace: workspace) }
    due = DueQueue(count: world.devices.count)
    writer = try LedgerWriter(
      path: folder.ledgerFile, devices: world.devices.map(Self.row), facts: known + (digests?.form.facts ?? []) + facts)
    clock = SimulatedClock(start: world.start, speed: speed)
    // Preparing takes its time: the devices' clocks are behind the wall clock by as much.
    unwritten.facts.append(("clock_offset", String(SimulatedClock.wallMilliseconds() - world.start)))
    for device in own { due.set(device, to: world.start) }
  }

  private static func row(_ device: DeviceIdentity) -> LedgerDevice {
    LedgerDevice(id: device.id, gateway: device.gateway, twinOf: device.twin?.original ?? -1, twin: device.twin?.kind.rawValue ?? 0)
  }
}
