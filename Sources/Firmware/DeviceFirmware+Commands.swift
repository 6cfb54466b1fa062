import FleetSpec
import World

/// What others make a device do: commands, and a broker that rejects a message.
extension DeviceFirmware {
  /// Obeys a command; nil is one that the device does not understand.
  ///
  /// No command changes what is measured, which depends on the seed and the fleet file alone: an interval thins out what is sent.
  public mutating func obey(_ command: DeviceCommand?, at now: Milliseconds, link: some DeviceLink, recorder: some DeliveryRecorder) {
    guard phase != .closed, !isOff else { return }
    switch command {
    case .interval(let interval):
      recorder.note(.commandedInterval, device: device, seq: -1, at: now)
      commandedInterval = interval ?? 0
      for index in members.indices { members[index].nextSent = now }
    case .reboot:
      recorder.note(.commandedReboot, device: device, seq: -1, at: now)
      reboot(now, link, recorder)
    case .rebirth: recorder.note(.commandedRebirth, device: device, seq: -1, at: now)
    case nil: recorder.note(.commandNotUnderstood, device: device, seq: -1, at: now)
    }
  }

  /// As a power cut does it to the delivery, and over at once; the boot number and the counters are World's, and stay.
  private mutating func reboot(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    dropConnection(link)
    loseMemory(now, recorder)
    guard !networkDown else { return }
    let boot = now + dice.bootDelay()
    reconnectAt = isAsleep ? .max : boot
  }

  /// Whether a command keeps a sample from being sent. Decided anew for each sample.
  mutating func isThinnedOut(_ member: Int, at time: Milliseconds) -> Bool {
    guard commandedInterval > 0 else { return false }
    guard time >= members[member].nextSent else { return true }
    members[member].nextSent = time + commandedInterval
    return false
  }

  /// The broker has answered a message with a failure. It was received and not taken: nobody acknowledged it.
  public mutating func rejected(message: Int32, at now: Milliseconds, recorder: some DeliveryRecorder) {
    guard let index = inflight.firstIndex(where: { $0.message == message }) else { return }
    let outgoing = inflight.remove(at: index).outgoing
    recorder.note(.rejectedByBroker, device: Int(outgoing.device), seq: outgoing.reading.seq, at: now)
    conclude(outgoing, unsent: .withheld, recorder)
  }
}
