import FleetSpec
import World

/// Sending, acknowledgements and what remains of a reading when nothing more can happen to it.
extension DeviceFirmware {
  /// The link is up: the session sends again what was not acknowledged.
  public mutating func linkConnected(at now: Milliseconds, recorder: some DeliveryRecorder) {
    guard phase == .connecting else { return }
    enter(.connected)
    failures = 0
    recorder.note(.connected, device: device, seq: -1, at: now)
    for index in inflight.indices {
      inflight[index].outgoing.attempts += 1
      inflight[index].outgoing.lastSent = now
      let outgoing = inflight[index].outgoing
      recorder.note(.sentAgain, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
    }
  }

  /// The link is gone, or could not be made.
  public mutating func linkLost(at now: Milliseconds, recorder: some DeliveryRecorder) {
    guard phase == .connecting || phase == .connected else { return }
    if phase == .connected { recorder.note(.connectionLost, device: device, seq: -1, at: now) }
    scheduleReconnect(now)
  }

  /// The broker has acknowledged a message.
  public mutating func acknowledged(message: Int32, at now: Milliseconds, recorder: some DeliveryRecorder) {
    guard let index = inflight.firstIndex(where: { $0.message == message }) else { return }
    var outgoing = inflight.remove(at: index).outgoing
    let first = outgoing.acknowledgedAt == 0
    if first { outgoing.acknowledgedAt = now }
    if first, let delay = repeatDelay(of: outgoing) {
      repeats.append(Timed(due: now + delay, outgoing: outgoing))
    } else {
      conclude(outgoing, unsent: .withheld, recorder)
    }
  }

  private func repeatDelay(of outgoing: Outgoing) -> Milliseconds? {
    let member = member(of: outgoing)
    return member.dice.repeatDelay(of: outgoing.reading.seq, faults: member.settings.profile.faults)
  }

  private func isCutAfter(_ outgoing: Outgoing) -> Bool {
    let member = member(of: outgoing)
    return settings.profile.connection.qos > 0
      && member.dice.cutsAfter(outgoing.reading.seq, attempts: outgoing.attempts, faults: member.settings.profile.faults)
  }

  /// Ends the device's run: closes the link in good order and tells the fate of everything that is left.
  public mutating func finish(link: some DeviceLink, recorder: some DeliveryRecorder) {
    guard phase != .closed else { return }
    if phase == .connected || phase == .connecting { link.disconnect(device) }
    enter(.closed)
    for message in inflight { conclude(message.outgoing, unsent: .withheld, recorder) }
    for timed in repeats { conclude(timed.outgoing, unsent: .withheld, recorder) }
    for timed in held { conclude(timed.outgoing, unsent: .withheld, recorder) }
    while let outgoing = buffer.popOldest() { conclude(outgoing, unsent: .withheld, recorder) }
    inflight = []
    repeats = []
    held = []
  }

  func acknowledgementOverdue(_ now: Milliseconds) -> Bool {
    guard let oldest = inflight.first else { return false }
    return oldest.outgoing.lastSent + settings.profile.connection.acknowledgementTimeout <= now
  }

  /// Full-jitter exponential back-off, as AWS describes it ("Exponential Backoff And Jitter", 2015).
  mutating func scheduleReconnect(_ now: Milliseconds) {
    enter(.offline)
    let connection = settings.profile.connection
    let ceiling = min(connection.backoffMaximum, connection.backoffBase << Int64(min(failures, 20)))
    failures += 1
    reconnectAt = networkDown ? .max : now + dice.backoff(upTo: ceiling)
  }

  mutating func pump(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    sendRepeats(now, link, recorder)
    let window = settings.profile.connection.inflight
    while phase == .connected, inflight.count < window, let next = buffer.next {
      let isBacklog = buffer.count > 2 * samplesSize
      if isBacklog && settings.replaySpacing > 0 {
        guard nextReplay <= now else { return }
        nextReplay = max(nextReplay, now - 1_000) + settings.replaySpacing
      }
      guard send(next, now, link, recorder) else { return }
      buffer.removeNext()
      if isCutAfter(next) {
        recorder.note(.cutAfterPublish, device: Int(next.device), seq: next.reading.seq, at: now)
        link.cut(device)
        scheduleReconnect(now)
      }
    }
  }

  private mutating func sendRepeats(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    var index = 0
    while index < repeats.count, inflight.count < settings.profile.connection.inflight {
      guard repeats[index].due <= now else {
        index += 1
        continue
      }
      guard send(repeats[index].outgoing, now, link, recorder) else { return }
      recorder.note(.repeated, device: Int(repeats[index].outgoing.device), seq: repeats[index].outgoing.reading.seq, at: now)
      repeats.remove(at: index)
    }
  }

  private mutating func send(_ outgoing: Outgoing, _ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) -> Bool
  {
    let message = link.publish(outgoing.reading, of: Int(outgoing.device), over: device)
    guard message > 0 else { return false }
    var sent = outgoing
    sent.attempts += 1
    sent.lastSent = now
    if sent.firstSent == 0 { sent.firstSent = now }
    if settings.profile.connection.qos == 0 {
      conclude(sent, unsent: .withheld, recorder)
    } else {
      inflight.append(InFlight(message: message, outgoing: sent))
    }
    return true
  }

  /// A power cut: what the memory held is gone, unless the buffer is persistent.
  mutating func loseMemory(_ recorder: some DeliveryRecorder) {
    for timed in repeats { conclude(timed.outgoing, unsent: .discarded, recorder) }
    repeats = []
    if settings.profile.buffer.persistent {
      for message in inflight.reversed() {
        if message.outgoing.acknowledgedAt > 0 {
          conclude(message.outgoing, unsent: .discarded, recorder)
        } else if let refused = buffer.prepend(message.outgoing) {
          conclude(refused, unsent: .discarded, recorder)
        }
      }
    } else {
      for message in inflight { conclude(message.outgoing, unsent: .discarded, recorder) }
      for timed in held { conclude(timed.outgoing, unsent: .discarded, recorder) }
      held = []
      while let outgoing = buffer.popOldest() { conclude(outgoing, unsent: .discarded, recorder) }
    }
    inflight = []
  }

  /// Nothing more can happen to this reading.
  mutating func conclude(_ outgoing: Outgoing, unsent: DeliveryOutcome, _ recorder: some DeliveryRecorder) {
    let outcome: DeliveryOutcome =
      outgoing.acknowledgedAt > 0 ? .acknowledged : outgoing.attempts > 0 ? .unconfirmed : unsent
    recorder.record(
      Delivery(
        device: Int(outgoing.device), seq: outgoing.reading.seq, outcome: outcome, attempts: outgoing.attempts,
        trueTime: outgoing.reading.trueTime, firstSent: outgoing.firstSent, lastSent: outgoing.lastSent,
        acknowledgedAt: outgoing.acknowledgedAt))
  }
}

extension DeviceFirmware {
  /// How many readings all members make at once.
  private var samplesSize: Int { members.reduce(0) { $0 + $1.stream.sensorCount } }

  /// Messages that wait for an acknowledgement.
  public var inflightCount: Int { inflight.count }
}
