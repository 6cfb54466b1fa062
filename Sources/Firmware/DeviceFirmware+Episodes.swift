import FleetSpec
import World

/// Links that look open and are not, or not in both directions, and certificates that run out.
extension DeviceFirmware {
  func suffers(_ trouble: LinkTrouble) -> Bool { troubles & (1 << trouble.rawValue) != 0 }

  /// Nothing gets out or in.
  var isDead: Bool { suffers(.dead) }

  /// True while no new connection can be made, for a reason that the seed has planned.
  public var isConnectingBlocked: Bool { troubles != 0 }

  /// What gets through a connection that was open before the trouble began.
  var flow: LinkFlow { isDead ? .none : suffers(.acknowledgementsLost) ? .outgoingOnly : .open }

  private func change(of episode: LinkEpisode) -> Milliseconds {
    if suffers(episode.trouble) { return episode.current.end }
    // An episode that would begin after the last measurement belongs to nobody's plan.
    return episode.current.start < settings.end ? episode.current.start : .max
  }

  var nextEpisodeChange: Milliseconds {
    var next = Milliseconds.max
    for episode in episodes { next = min(next, change(of: episode)) }
    return next
  }

  mutating func changeEpisode(
    at time: Milliseconds, _ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder
  ) {
    guard let index = episodes.firstIndex(where: { change(of: $0) == time }) else { return }
    let trouble = episodes[index].trouble
    let before = flow
    let begins = !suffers(trouble)
    recorder.note(Self.event(trouble, begins: begins), device: device, seq: -1, at: time)
    troubles ^= 1 << trouble.rawValue
    if !begins { episodes[index].advance() }
    if begins && phase == .connecting {
      link.cut(device)
      scheduleReconnect(now)
    } else if phase == .connected && trouble == .acknowledgementsLost && !begins && !inflight.isEmpty {
      // The link stays one-way until it is cut: what had arrived goes out again, which is the point of this trouble.
      link.cut(device)
      scheduleReconnect(now)
    } else if phase == .connected && flow != before {
      link.setFlow(flow, of: device)
    }
  }

  private static func event(_ trouble: LinkTrouble, begins: Bool) -> DeviceEvent {
    switch trouble {
    case .dead: begins ? .linkDied : .linkRevived
    case .acknowledgementsLost: begins ? .acknowledgementsStopped : .acknowledgementsResumed
    case .certificateExpired: begins ? .certificateExpired : .certificateRenewed
    }
  }

  /// When a connection from which nothing is heard is given up; `.max` while it is heard.
  ///
  /// A client asks with PINGREQ after one keepalive and waits for the answer for another (MQTT 3.1.1, 3.1.2.10, leaves the time to the client;
  /// libmosquitto does it like this).
  var silenceEnds: Milliseconds {
    guard phase == .connected, flow != .open else { return .max }
    var since = Milliseconds.max
    for episode in episodes where episode.trouble != .certificateExpired && suffers(episode.trouble) {
      since = min(since, episode.current.start)
    }
    return since == .max ? .max : since + 2 * settings.profile.connection.keepalive
  }

  /// When the oldest message that waits for an acknowledgement, or on a dead link for the wire, has waited too long.
  var acknowledgementEnds: Milliseconds {
    var oldest = inflight.first?.outgoing.lastSent ?? .max
    if isDead, let first = transit.first { oldest = min(oldest, first.due) }
    return oldest == .max ? .max : oldest + settings.profile.connection.acknowledgementTimeout
  }

  /// Gives up a connection from which nothing is heard.
  mutating func checkSilence(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    guard phase == .connected else { return }
    if acknowledgementEnds <= now {
      let oldest = inflight.first?.outgoing ?? transit.first?.outgoing
      recorder.note(
        .acknowledgementTimedOut, device: oldest.map { Int($0.device) } ?? device, seq: oldest?.reading.seq ?? -1, at: now)
    } else if silenceEnds <= now {
      recorder.note(.keepaliveMissed, device: device, seq: -1, at: now)
    } else {
      return
    }
    link.cut(device)
    scheduleReconnect(now)
  }

  mutating func connectIfDue(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    guard phase == .offline && !networkDown && reconnectAt <= now else { return }
    if isConnectingBlocked {
      recorder.note(.attemptFailed, device: device, seq: -1, at: now)
      scheduleReconnect(now)
      return
    }
    enter(.connecting)
    reconnectAt = .max
    link.connect(device)
  }
}
