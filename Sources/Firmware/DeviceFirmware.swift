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

  /// Index in `World.devices` of who holds the connection.
  public let device: Int
  public private(set) var phase = Phase.offline
  /// True during a power cut.
  public private(set) var isOff = false
  /// True during a planned network outage.
  public private(set) var networkDown = false

  let settings: FirmwareSettings
  /// The device itself first, then those that it serves as a gateway.
  var members: [Member]
  var power: OutageSchedule
  var network: OutageSchedule
  var dice: ConnectionDice
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
  /// Empty without `batch_replays`.
  var batches: [BatchReplay]
  var nextReplay: Milliseconds = 0
  /// Empty when readings are sent as they come.
  let uploads: [UploadClock]
  /// When the next upload begins; `.max` without uploads.
  var uploadDue: Milliseconds = .max
  /// Empty for most devices.
  var episodes: [LinkEpisode]
  /// What ails the link now, one bit for each `LinkTrouble`.
  var troubles: UInt8 = 0
  var isUploading = false
  /// Empty where the load has all devices there all the time.
  var attendance: [DeviceAttendance]
  /// The least time between two samples of a member that are sent, as a command wants it; 0 without one.
  var commandedInterval: Milliseconds = 0

  /// A message that waits for its acknowledgement.
  struct InFlight {
    var message: Int32
    var outgoing: Outgoing
  }

  /// A reading with an appointment.
  struct Timed {
    var due: Milliseconds
    var outgoing: Outgoing
    /// Why, when it was acknowledged before.
    var again = Again.sameID
  }

  /// - Parameters:
  ///   - catalogue: shared by all devices of the fleet.
  ///   - device: who holds the connection; index in `World.devices`.
  ///   - workspace: shared by the devices of one thread; nil makes one for this device alone.
  public init(_ catalogue: FirmwareCatalogue, device: Int, workspace: Workspace? = nil) {
    let world = catalogue.world
    self.device = device
    settings = catalogue.settings(of: device)
    members = world.members(ofConnection: device).map { Member(world: world, device: $0, catalogue: catalogue, workspace: workspace) }
    power = world.powerOutages(device: device)
    network = world.networkOutages(device: device)
    dice = ConnectionDice(seed: world.fleet.seed, device: world.devices[device])
    buffer = ReadingBuffer(settings.profile.buffer, liveLimit: 2 * members.reduce(0) { $0 + $1.stream.sensorCount })
    acknowledgedLast = ReadingBuffer(last: settings.profile.buffer.resend)
    batches = settings.profile.faults.batchReplays.map { [BatchReplay($0, start: world.start)] } ?? []
    episodes = world.linkEpisodes(device: device)
    uploads = settings.profile.upload.map { [UploadClock($0, world: world, device: device)] } ?? []
    attendance = DeviceAttendance(world: world, device: device).map { [$0] } ?? []
    reconnectAt = world.start
    reconnectAt += dice.startDelay(within: startWithin)
    planUpload(after: world.start - 1)
    planBatch(after: world.start)
    if isAsleep { reconnectAt = .max }
    // What has no members has no connection either: a gateway speaks for it.
    if members.isEmpty { phase = .closed }
  }

  /// Readings measured so far, by all members.
  public var measured: Int64 { members.reduce(0) { $0 + $1.measured } }

  /// Calls `body` with each member and the number of readings that it has measured.
  public func forEachMember(_ body: (_ device: Int, _ measured: Int64) -> Void) {
    for member in members { body(member.device, member.measured) }
  }

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
    leaveIfDone(link)
    return nextDue()
  }

  private mutating func followWorld(until now: Milliseconds, link: some DeviceLink, recorder: some DeliveryRecorder) {
    while true {
      let (member, sample) = nextSample
      let powerChange = nextPowerChange
      let networkChange = nextNetworkChange
      let episodeChange = nextEpisodeChange
      let upload = isOff ? .max : uploadDue
      let earliest = min(sample, min(powerChange, networkChange), min(episodeChange, upload, attendanceChange))
      guard earliest <= now else { return }
      if earliest == powerChange {
        changePower(at: earliest, now, link, recorder)
      } else if earliest == networkChange {
        changeNetwork(at: earliest, now, link, recorder)
      } else if earliest == episodeChange {
        changeEpisode(at: earliest, now, link, recorder)
      } else if earliest == attendanceChange {
        changeAttendance(at: earliest, now)
      } else if earliest == upload {
        beginUpload(at: earliest, now, recorder)
      } else {
        takeSample(of: member, recorder)
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
    dropConnection(link)
    loseMemory(time, recorder)
  }

  /// The firmware stops in the middle of everything.
  mutating func dropConnection(_ link: some DeviceLink) {
    if !settings.keepsSession {
      link.loseSession(device)
    } else if phase == .connected || phase == .connecting {
      link.cut(device)
    }
    phase = .offline
    reconnectAt = .max
    failures = 0
    commandedInterval = 0
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
    if phase == .connected || phase == .connecting { link.cut(device) }
    phase = .offline
    buffer.endLive()
    reconnectAt = .max
  }

  /// Who measures next, and when; `.max` when nobody does any more.
  private var nextSample: (member: Int, time: Milliseconds) {
    var best = (0, Milliseconds.max)
    for index in members.indices {
      let time = members[index].stream.nextSampleTime
      if time < settings.end && time < best.1 { best = (index, time) }
    }
    return best
  }

  private mutating func takeSample(of index: Int, _ recorder: some DeliveryRecorder) {
    let time = members[index].stream.nextSampleTime
    members[index].stream.sample()
    let device = members[index].device
    let faults = members[index].settings.profile.faults
    let isThinnedOut = isThinnedOut(index, at: time)
    for ordinal in 0..<members[index].stream.readingCount {
      let reading = members[index].stream.reading(ordinal)
      members[index].measured += 1
      recorder.measured(reading, device: device)
      let outgoing = Outgoing(reading: reading, device: device)
      if isOff || members[index].isUnheard(reading.seq) {
        // A gateway without power hears nobody; otherwise the radio lost it.
        recorder.note(.unheard, device: device, seq: reading.seq, at: time)
        conclude(outgoing, unsent: .discarded, recorder)
      } else if isThinnedOut {
        recorder.note(.thinnedOut, device: device, seq: reading.seq, at: time)
        conclude(outgoing, unsent: .discarded, recorder)
      } else if let delay = members[index].dice.lateness(of: reading.seq, faults: faults) {
        recorder.note(.heldBack, device: device, seq: reading.seq, at: time)
        held.append(Timed(due: time + delay, outgoing: outgoing))
      } else {
        enqueue(outgoing, at: time, recorder)
      }
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
    var due = min(nextPowerChange, nextNetworkChange, min(nextEpisodeChange, nextSample.time, attendanceChange))
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
    if let batch = batches.first { due = min(due, batch.due) }
    return buffer.isEmpty || !maySend ? due : min(due, nextReplay)
  }
}

extension DeviceFirmware {
  /// The member that measured a reading.
  func member(of outgoing: Outgoing) -> Member {
    if members.count == 1 { return members[0] }
    // Only a reading of a member is ever in the firmware.
    return members.first { $0.device == Int(outgoing.device) } ?? members[0]
  }

  mutating func enter(_ phase: Phase) { self.phase = phase }
}
