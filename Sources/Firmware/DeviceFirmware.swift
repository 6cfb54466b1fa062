import FleetSpec
import World

/// The firmware behind one connection, that of a device or of a gateway with its devices: samples, buffers, connects, publishes, waits for
/// acknowledgements, retries, replays and repeats itself.
///
/// It does nothing on its own: `wake` performs all that is due and says when to be woken again, so that the same code runs on a real
/// clock and on a virtual one. It never looks at a clock.
public struct DeviceFirmware {
  /// The state of the connection.
  public enum Phase: UInt8, Sendable {
    /// No connection; one may be due at `reconnectAt`.
    case offline
    case connecting
    case connected
    /// The run is over for this device.
    case closed
  }

  /// Index in `World.connections`.
  public let connection: Int
  /// The device to which the connection belongs; index in `World.devices`.
  public let device: Int
  public private(set) var phase = Phase.offline
  /// True during a power cut.
  public private(set) var isOff = false
  /// True during a planned network outage.
  public private(set) var networkDown = false

  let settings: FirmwareSettings
  var members: Members
  var power: OutageSchedule
  var network: OutageSchedule
  var dice: FirmwareDice
  var reconnectAt: Milliseconds
  var failures = 0
  var buffer: ReadingBuffer
  var inflight: [InFlight] = []
  var held: [Timed] = []
  var repeats: [Timed] = []
  /// On their way from the buffer to the wire: latency, or a dead link.
  var transit: [Timed] = []
  /// The last acknowledged readings, while the device could forget that they were.
  var acknowledgedLast: ReadingBuffer
  var nextReplay: Milliseconds = 0
  /// When the next upload begins; `.max` without uploads.
  var uploadDue: Milliseconds = .max
  /// Empty for most devices.
  var episodes: [LinkEpisode]
  /// What ails the link now, one bit for each `LinkTrouble`.
  var troubles: UInt8 = 0
  var isUploading = false

  /// A message that waits for its acknowledgement.
  struct InFlight {
    var message: Int32
    var outgoing: Outgoing
  }

  /// A reading with an appointment.
  struct Timed {
    var due: Milliseconds
    var outgoing: Outgoing
  }

  /// - Parameters:
  ///   - connection: index in `World.connections`.
  ///   - workspace: shared by the devices of one thread; nil makes one for this connection alone.
  public init(_ catalogue: FirmwareCatalogue, connection: Int, workspace: Workspace? = nil) {
    let world = catalogue.world
    self.connection = connection
    device = world.connections.owner(connection)
    settings = catalogue.settings(of: device)
    members = Members(
      world: world, devices: world.connections.members(connection), end: settings.end, workspace: workspace ?? world.workspace())
    power = world.powerOutages(device: device)
    network = world.networkOutages(device: device)
    dice = FirmwareDice(seed: world.fleet.seed, device: world.devices[device])
    buffer = ReadingBuffer(settings.profile.buffer, liveLimit: 2 * members.sensorCount)
    acknowledgedLast = ReadingBuffer(last: settings.profile.buffer.resend)
    episodes = world.linkEpisodes(device: device)
    reconnectAt = world.start + dice.startDelay(within: min(settings.profile.interval, 5_000))
    planUpload(after: world.start - 1)
    if isAsleep { reconnectAt = .max }
  }

  /// The devices that measure behind the connection, and how many readings each has measured so far.
  public var measured: [(device: Int, readings: Int64)] {
    (0..<members.count).map { (Int(members[$0].device), members[$0].measured) }
  }

  /// Readings measured so far by all devices behind the connection.
  public var measuredCount: Int64 { members.measured }

  /// True when nothing is left to be sent or waited for.
  public var isIdle: Bool { buffer.isEmpty && inflight.isEmpty && held.isEmpty && repeats.isEmpty && transit.isEmpty }

  /// Readings that are measured and not yet sent.
  public var backlog: Int { buffer.count + held.count + transit.count }

  /// Performs everything that is due at `now` and returns the next time at which something will be; `.max` for never.
  public mutating func wake(at now: Milliseconds, link: some DeviceLink, recorder: some DeliveryRecorder) -> Milliseconds {
    guard phase != .closed else { return .max }
    followWorld(until: now, link: link, recorder: recorder)
    if isOff { return nextDue() }
    releaseHeld(now, recorder)
    expire(now, recorder)
    checkSilence(now, link, recorder)
    connectIfDue(now, link, recorder)
    if phase == .connected { pump(now, link, recorder) }
    return nextDue()
  }

  private mutating func followWorld(until now: Milliseconds, link: some DeviceLink, recorder: some DeliveryRecorder) {
    while true {
      let sample = members.nextSampleTime
      let powerChange = nextPowerChange
      let networkChange = nextNetworkChange
      let episodeChange = nextEpisodeChange
      let upload = isOff ? .max : uploadDue
      let earliest = min(sample, min(powerChange, networkChange), min(episodeChange, upload))
      guard earliest <= now else { return }
      if earliest == powerChange {
        changePower(at: earliest, now, link, recorder)
      } else if earliest == networkChange {
        changeNetwork(at: earliest, now, link, recorder)
      } else if earliest == episodeChange {
        changeEpisode(at: earliest, now, link, recorder)
      } else if earliest == upload {
        beginUpload(at: earliest, now, recorder)
      } else {
        takeSample(recorder)
      }
    }
  }

  private var nextPowerChange: Milliseconds {
    if isOff { return power.current.end }
    // An outage that would begin after the last measurement belongs to nobody's plan.
    return power.current.start < settings.end ? power.current.start : .max
  }

  private var nextNetworkChange: Milliseconds {
    if networkDown { return network.current.end }
    return network.current.start < settings.end ? network.current.start : .max
  }

  private mutating func changePower(
    at time: Milliseconds, _ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder
  ) {
    if isOff {
      isOff = false
      power.advance()
      planUpload(after: now)
      let boot = now + dice.bootDelay()
      reconnectAt = isAsleep ? .max : boot
      recorder.note(.powerReturned, device: device, seq: -1, at: time)
      return
    }
    isOff = true
    recorder.note(.powerLost, device: device, seq: -1, at: time)
    if !settings.keepsSession {
      link.loseSession(connection)
    } else if phase == .connected || phase == .connecting {
      link.cut(connection)
    }
    phase = .offline
    reconnectAt = .max
    failures = 0
    loseMemory(time, recorder)
  }

  private mutating func changeNetwork(
    at time: Milliseconds, _ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder
  ) {
    if networkDown {
      networkDown = false
      network.advance()
      recorder.note(.networkReturned, device: device, seq: -1, at: time)
      if !isOff { scheduleReconnect(now) }
      return
    }
    networkDown = true
    recorder.note(.networkLost, device: device, seq: -1, at: time)
    if phase == .connected || phase == .connecting { link.cut(connection) }
    phase = .offline
    buffer.endLive()
    reconnectAt = .max
  }

  private mutating func takeSample(_ recorder: some DeliveryRecorder) {
    let time = members.nextSampleTime
    for index in 0..<members.sample() { accept(members.reading(index), at: time, recorder) }
  }

  /// A reading that was just measured.
  private mutating func accept(_ outgoing: Outgoing, at time: Milliseconds, _ recorder: some DeliveryRecorder) {
    if isOff {
      // The gateway is without power; its devices are not, and speak to nobody.
      conclude(outgoing, unsent: .discarded, recorder)
    } else if let delay = settings.dice(of: outgoing.device).lateness(of: outgoing.reading.seq, faults: settings.profile.faults) {
      recorder.note(.heldBack, device: Int(outgoing.device), seq: outgoing.reading.seq, at: time)
      held.append(Timed(due: time + delay, outgoing: outgoing))
    } else {
      enqueue(outgoing, at: time, recorder)
    }
  }

  mutating func enqueue(_ outgoing: Outgoing, at time: Milliseconds, _ recorder: some DeliveryRecorder) {
    if buffer.needsThinning {
      for dropped in buffer.thinOut() {
        recorder.note(.overflowed, device: Int(dropped.device), seq: dropped.reading.seq, at: time)
        conclude(dropped, unsent: .discarded, recorder)
      }
    }
    guard let dropped = buffer.append(outgoing, isLive: phase == .connected && maySend) else { return }
    recorder.note(.overflowed, device: Int(dropped.device), seq: dropped.reading.seq, at: time)
    conclude(dropped, unsent: .discarded, recorder)
  }

  private mutating func releaseHeld(_ now: Milliseconds, _ recorder: some DeliveryRecorder) {
    var index = 0
    while index < held.count {
      guard held[index].due <= now else {
        index += 1
        continue
      }
      enqueue(held.remove(at: index).outgoing, at: now, recorder)
    }
  }

  private func nextDue() -> Milliseconds {
    var due = min(nextPowerChange, nextNetworkChange, min(nextEpisodeChange, members.nextSampleTime))
    if isOff { return due }
    due = min(due, uploadDue)
    for timed in held { due = min(due, timed.due) }
    switch phase {
    case .offline: if !networkDown { due = min(due, reconnectAt) }
    case .connected: due = min(due, nextSending, min(acknowledgementEnds, silenceEnds))
    case .connecting, .closed: break
    }
    return due
  }

  /// When something more may be sent, acknowledgements aside.
  private var nextSending: Milliseconds {
    guard !isDead else { return .max }
    var due = transit.first?.due ?? .max
    guard hasWindow else { return due }
    for timed in repeats { due = min(due, timed.due) }
    return buffer.isEmpty || !maySend ? due : min(due, nextReplay)
  }
}

extension DeviceFirmware {
  mutating func enter(_ phase: Phase) { self.phase = phase }
}
