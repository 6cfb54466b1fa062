import FleetSpec
import World

/// Acknowledgements, and what remains of a reading when nothing more can happen to it.
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
    outgoing.copy = 0
    if first, let again = repeatOf(outgoing, at: now) {
      repeats.append(again)
    } else {
      settle(outgoing, recorder)
    }
  }

  /// The transport itself has sent a message once more, because its first answer was none.
  public mutating func sentAgain(message: Int32, at now: Milliseconds, recorder: some DeliveryRecorder) {
    guard let index = inflight.firstIndex(where: { $0.message == message }) else { return }
    inflight[index].outgoing.attempts += 1
    inflight[index].outgoing.lastSent = now
    let outgoing = inflight[index].outgoing
    recorder.note(.sentAgain, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
  }

  /// Ends the device's run: closes the link in good order and tells the fate of everything that is left.
  public mutating func finish(link: some DeviceLink, recorder: some DeliveryRecorder) {
    guard phase != .closed else { return }
    if phase == .connected || phase == .connecting { link.disconnect(device) }
    enter(.closed)
    while let outgoing = acknowledgedLast.popOldest() { conclude(outgoing, unsent: .withheld, recorder) }
    forgetBatch(recorder)
    for message in inflight { conclude(message.outgoing, unsent: .withheld, recorder) }
    for timed in repeats { conclude(timed.outgoing, unsent: .withheld, recorder) }
    for timed in held { conclude(timed.outgoing, unsent: .withheld, recorder) }
    for timed in transit { conclude(timed.outgoing, unsent: .withheld, recorder) }
    while let outgoing = buffer.popOldest() { conclude(outgoing, unsent: .withheld, recorder) }
    inflight = []
    repeats = []
    held = []
    transit = []
  }

  /// Full-jitter exponential back-off, as AWS describes it ("Exponential Backoff And Jitter", 2015).
  mutating func scheduleReconnect(_ now: Milliseconds) {
    enter(.offline)
    buffer.endLive()
    let policy = settings.profile.connection
    let ceiling = min(policy.backoffMaximum, policy.backoffBase << Int64(min(failures, 20)))
    failures += 1
    reconnectAt = networkDown || isAsleep ? .max : now + dice.backoff(upTo: ceiling)
  }

  /// A power cut: what the memory held is gone, unless the buffer is persistent.
  mutating func loseMemory(_ now: Milliseconds, _ recorder: some DeliveryRecorder) {
    for timed in repeats { conclude(timed.outgoing, unsent: .discarded, recorder) }
    repeats = []
    isUploading = false
    buffer.endLive()
    guard settings.profile.buffer.persistent else {
      forgetBatch(recorder)
      for message in inflight { conclude(message.outgoing, unsent: .discarded, recorder) }
      for timed in held + transit { conclude(timed.outgoing, unsent: .discarded, recorder) }
      while let outgoing = buffer.popOldest() { conclude(outgoing, unsent: .discarded, recorder) }
      inflight = []
      held = []
      transit = []
      return
    }
    for timed in transit.reversed() { restore(timed.outgoing, recorder) }
    transit = []
    if !settings.keepsSession {
      for message in inflight.reversed() {
        if message.outgoing.acknowledgedAt > 0 {
          conclude(message.outgoing, unsent: .discarded, recorder)
        } else {
          restore(message.outgoing, recorder)
        }
      }
      inflight = []
    }
    forgetAcknowledgements(now, recorder)
  }

  /// How far the buffer was acknowledged was not saved: the last acknowledged readings wait in it again.
  private mutating func forgetAcknowledgements(_ now: Milliseconds, _ recorder: some DeliveryRecorder) {
    while let outgoing = acknowledgedLast.popNewest() {
      recorder.note(.resentAfterReboot, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
      restore(outgoing, recorder)
    }
  }

  /// Back into the buffer, in front of all others; what finds no room there gives way.
  private mutating func restore(_ outgoing: Outgoing, _ recorder: some DeliveryRecorder) {
    if let refused = buffer.prepend(outgoing) { conclude(refused, unsent: .discarded, recorder) }
  }

  /// A reading was acknowledged and needs nothing more, unless a loss of power makes the device forget that.
  private mutating func settle(_ outgoing: Outgoing, _ recorder: some DeliveryRecorder) {
    if settings.profile.buffer.resend == 0 {
      remember(outgoing, recorder)
    } else if let older = acknowledgedLast.append(outgoing) {
      remember(older, recorder)
    }
  }

  /// Discards what is older than the buffer reaches in time.
  mutating func expire(_ now: Milliseconds, _ recorder: some DeliveryRecorder) {
    let age = settings.profile.buffer.maximumAge
    guard age > 0 else { return }
    while let outgoing = buffer.popOldest(measuredBefore: now - age) {
      recorder.note(.expired, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
      conclude(outgoing, unsent: .discarded, recorder)
    }
  }

  /// Nothing more can happen to this reading.
  mutating func conclude(_ outgoing: Outgoing, unsent: DeliveryOutcome, _ recorder: some DeliveryRecorder) {
    let outcome: DeliveryOutcome =
      outgoing.acknowledgedAt > 0 ? .acknowledged : outgoing.attempts > 0 ? .unconfirmed : unsent
    recorder.record(
      Delivery(
        device: Int(outgoing.device), seq: outgoing.reading.seq, outcome: outcome, attempts: outgoing.attempts, ids: Int32(outgoing.ids),
        trueTime: outgoing.reading.trueTime, firstSent: outgoing.firstSent, lastSent: outgoing.lastSent,
        acknowledgedAt: outgoing.acknowledgedAt))
  }
}

extension DeviceFirmware {
  /// Messages whose acknowledgement is to be expected; none while acknowledgements do not come back.
  public var inflightCount: Int { flow == .open ? inflight.count : 0 }

  /// True when the device should be connected by plan and is not.
  public var isCutOff: Bool {
    phase != .connected && phase != .closed && !isOff && !networkDown && !isAsleep && !isConnectingBlocked
  }
}
