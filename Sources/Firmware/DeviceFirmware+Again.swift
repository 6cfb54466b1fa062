import FleetSpec
import World

/// Sending acknowledged readings once more: repeats by the application, and whole batches.
extension DeviceFirmware {
  /// Why an acknowledged reading goes out again.
  enum Again: UInt8 {
    case sameID
    case newID
    case batch

    var event: DeviceEvent {
      switch self {
      case .sameID: .repeated
      case .newID: .repeatedWithNewID
      case .batch: .batchReplayed
      }
    }
  }

  /// The repeat that is due to a reading which was just acknowledged for the first time.
  func repeatOf(_ outgoing: Outgoing, at now: Milliseconds) -> Timed? {
    let member = member(of: outgoing)
    let faults = member.settings.profile.faults
    if let delay = member.dice.repeatDelay(of: outgoing.reading.seq, faults: faults) {
      return Timed(due: now + delay, outgoing: outgoing)
    }
    guard let delay = member.dice.newIDDelay(of: outgoing.reading.seq, faults: faults) else { return nil }
    return Timed(due: now + delay, outgoing: outgoing, again: .newID)
  }

  /// Plans the next replay of a batch.
  mutating func planBatch(after time: Milliseconds) {
    guard !batches.isEmpty else { return }
    while batches[0].due <= time { batches[0].due += dice.batchGap(batches[0].specification) }
    // A replay that would begin after the last measurement belongs to nobody's plan.
    if batches[0].due >= settings.end { batches[0].due = .max }
  }

  /// Takes the readings that were acknowledged last out of memory, to be sent once more.
  mutating func replayBatchIfDue(_ now: Milliseconds) {
    guard let due = batches.first?.due, due <= now else { return }
    planBatch(after: now)
    while let outgoing = batches[0].memory.popOldest() { repeats.append(Timed(due: now, outgoing: outgoing, again: .batch)) }
  }

  /// An acknowledged reading that the device need not remember any more, unless a batch is to be replayed.
  mutating func remember(_ outgoing: Outgoing, _ recorder: some DeliveryRecorder) {
    guard !batches.isEmpty, !outgoing.wasReplayed else {
      conclude(outgoing, unsent: .withheld, recorder)
      return
    }
    if let older = batches[0].memory.append(outgoing) { conclude(older, unsent: .withheld, recorder) }
  }

  /// Forgets what could have been replayed.
  mutating func forgetBatch(_ recorder: some DeliveryRecorder) {
    while !batches.isEmpty, let outgoing = batches[0].memory.popOldest() { conclude(outgoing, unsent: .withheld, recorder) }
  }
}

/// The acknowledged readings that are to be sent once more, and when.
struct BatchReplay {
  let specification: BatchReplays
  var memory: ReadingBuffer
  var due: Milliseconds

  init(_ specification: BatchReplays, start: Milliseconds) {
    self.specification = specification
    memory = ReadingBuffer(last: specification.size)
    due = start
  }
}
