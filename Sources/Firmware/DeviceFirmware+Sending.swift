import FleetSpec
import World

/// From the buffer to the wire.
extension DeviceFirmware {
  /// Sends what may be sent now.
  mutating func pump(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    flushTransit(now, link, recorder)
    if !isDead {
      replayBatchIfDue(now)
      sendRepeats(now, link, recorder)
    }
    while phase == .connected, maySend, hasWindow, let next = buffer.next {
      if nextIsBacklog && settings.replaySpacing > 0 {
        guard nextReplay <= now else { break }
        nextReplay = max(nextReplay, now - 1_000) + settings.replaySpacing
      }
      if let due = wireTime(of: next, now) {
        buffer.removeNext()
        transit.append(Timed(due: due, outgoing: next))
      } else {
        guard send(next, now, link, recorder) else { break }
        buffer.removeNext()
        cutIfDrawn(next, now, link, recorder)
      }
    }
    if !transit.isEmpty { flushTransit(now, link, recorder) }
    link.flush(device)
    endUploadIfDone(now, link, recorder)
  }

  /// True while another message may wait for its acknowledgement.
  var hasWindow: Bool { inflight.count + transit.count < settings.profile.connection.inflight }

  /// How many readings all members make at once.
  private var samplesSize: Int { members.reduce(0) { $0 + $1.stream.sensorCount } }

  /// What lay in the buffer before the last two samples is backlog.
  private var nextIsBacklog: Bool { !buffer.nextIsLive && buffer.count > 2 * samplesSize }

  /// When a reading that leaves the buffer now reaches the wire; nil for at once. No reading overtakes another.
  private func wireTime(of outgoing: Outgoing, _ now: Milliseconds) -> Milliseconds? {
    let latency = settings.profile.connection.latency
    guard latency != nil || isDead || !transit.isEmpty else { return nil }
    let own = now + (latency.map { member(of: outgoing).dice.latency(of: outgoing.reading.seq, $0) } ?? 0)
    return max(own, transit.last?.due ?? own)
  }

  /// Puts on the wire what has been long enough on its way. On a dead link it stays where it is.
  private mutating func flushTransit(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    var sent = 0
    while sent < transit.count, phase == .connected, !isDead, transit[sent].due <= now {
      let outgoing = transit[sent].outgoing
      guard send(outgoing, now, link, recorder) else { break }
      sent += 1
      cutIfDrawn(outgoing, now, link, recorder)
    }
    if sent > 0 { transit.removeFirst(sent) }
  }

  /// - Parameter outgoing: as it was before it was sent.
  private mutating func cutIfDrawn(
    _ outgoing: Outgoing, _ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder
  ) {
    let member = member(of: outgoing)
    guard settings.profile.connection.qos > 0,
      member.dice.cutsAfter(outgoing.reading.seq, attempts: outgoing.attempts, faults: member.settings.profile.faults)
    else { return }
    recorder.note(.cutAfterPublish, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
    link.cut(device)
    scheduleReconnect(now)
  }

  private mutating func sendRepeats(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    var index = 0
    while index < repeats.count, phase == .connected, hasWindow {
      guard repeats[index].due <= now else {
        index += 1
        continue
      }
      var outgoing = repeats[index].outgoing
      switch repeats[index].again {
      case .sameID: break
      case .newID: (outgoing.copy, outgoing.ids) = (1, 2)
      case .batch: outgoing.wasReplayed = true
      }
      guard send(outgoing, now, link, recorder) else { return }
      recorder.note(repeats[index].again.event, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
      repeats.remove(at: index)
    }
  }

  private mutating func send(_ outgoing: Outgoing, _ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) -> Bool
  {
    let message = link.publish(outgoing.reading, of: Int(outgoing.device), copy: Int(outgoing.copy), over: device)
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
}
