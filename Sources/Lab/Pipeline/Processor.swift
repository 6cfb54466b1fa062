import Glibc

/// Validates, deduplicates, harms on purpose, and fills batches: everything between the subscription and the store.
final class Processor {
  private var memory: KeyMemory
  private var defects: Defects
  private let window: Int64?
  private let encoder: RowEncoder
  private let translator = Translator()
  private let injected: LineFile
  private let rejectedFile: LineFile
  private(set) var batch = Batch()
  private(set) var received: UInt64 = 0
  private(set) var rejected: UInt64 = 0
  private(set) var duplicatesRemoved: UInt64 = 0
  private(set) var harmed: UInt64 = 0
  /// The largest time of arrival of earlier batches, microseconds since 1970.
  private var lastIngested: Int64 = 0

  init(
    memory: consuming KeyMemory, defects: Defects, deduplicationWindow: Int64?, encoder: RowEncoder, injected: LineFile, rejected: LineFile
  ) {
    self.memory = memory
    self.defects = defects
    window = deduplicationWindow
    self.encoder = encoder
    self.injected = injected
    rejectedFile = rejected
  }

  /// Takes one message.
  ///
  /// - Parameter now: microseconds since 1970.
  /// - Returns: false when something in it is malformed.
  @discardableResult
  func receive(topic: UnsafePointer<CChar>?, _ message: UnsafeRawBufferPointer, now: Int64) -> Bool {
    var isAccepted = true
    translator.translate(topic: topic, message) { if !take(topic, $0, now: now) { isAccepted = false } }
    return isAccepted
  }

  /// Commands to edge nodes that came up while their messages were read.
  func takeCommands() -> [(topic: String, payload: [UInt8])] { translator.takeCommands() }

  private func take(_ topic: UnsafePointer<CChar>?, _ message: UnsafeRawBufferPointer, now: Int64) -> Bool {
    received += 1
    do throws(Malformed) {
      accept(try EventScanner.scan(message), message, now: max(now, lastIngested + 1))
      return true
    } catch {
      rejected += 1
      if error.isNullValue(message) {
        storeAgain(defects.nullCrash?.replay() ?? [], NullCrash.description.name, now: max(now, lastIngested + 1))
      }
      let payload = LineFile.quote(String(decoding: message.prefix(4096), as: UTF8.self))
      let topic = LineFile.quote(topic.map { String(cString: $0) } ?? "")
      rejectedFile.add("{\"at\":\(now / 1000),\"topic\":\(topic),\"reason\":\(LineFile.quote(error.text(message))),\"payload\":\(payload)}")
      return false
    }
  }

  /// The batch so far, which is taken away; the truth about it is in the kernel's hands before.
  func takeBatch() throws -> Batch {
    try flushFiles()
    let full = batch
    lastIngested = max(lastIngested, full.lastIngested)
    batch = Batch()
    return full
  }

  func flushFiles() throws {
    try injected.flush()
    try rejectedFile.flush()
  }

  private func accept(_ event: Event, _ message: UnsafeRawBufferPointer, now: Int64) {
    let arrival = Arrival(key: event.key, value: event.value, time: now / 1000, event: event, message: message)
    if let earlier = memory[event.key] {
      copyArrived(arrival, earlier, event, message, now: now)
    } else {
      firstArrived(arrival, event, message, now: now)
    }
  }

  private func firstArrived(_ arrival: Arrival, _ event: Event, _ message: UnsafeRawBufferPointer, now: Int64) {
    var row = Row(timestamp: event.timestamp * 1000, value: event.value, ingestedAt: now)
    for index in defects.arrival.indices {
      guard let harm = defects.arrival[index].treat(arrival) else {
        defects.arrival[index].passed(arrival)
        continue
      }
      memory.set(event.key, harm.rows == 0 ? .lost : .harmed, arrival: arrival.time)
      record(type(of: defects.arrival[index]).description.name, harm.verdict, event, message, detail: harm.detail)
      if let timestamp = harm.timestamp { row.timestamp = timestamp }
      switch harm.value {
      case .null: row.value = nil
      case .number(let value): row.value = value
      case nil: break
      }
      for _ in 0..<harm.rows {
        add(row, event, message)
        rowStored(event, message, unharmed: false, now: now)
      }
      return
    }
    memory.set(event.key, .stored, arrival: arrival.time)
    add(row, event, message)
    makeUp(after: arrival, event, message, now: now)
    rowStored(event, message, unharmed: true, now: now)
  }

  private func copyArrived(
    _ arrival: Arrival, _ earlier: KeyMemory.Entry, _ event: Event, _ message: UnsafeRawBufferPointer, now: Int64
  ) {
    let isHarmable = earlier.fate == .stored || earlier.fate == .forgotten
    let promised = window.map { arrival.time - earlier.arrival > $0 } ?? false
    let forgotten = defects.dedupWindow?.hasForgotten(arrival, earlier: earlier.arrival) ?? false
    let discarded = defects.lateCutoff?.discards(arrival) ?? false
    guard isHarmable, promised || forgotten, !discarded else {
      duplicatesRemoved += 1
      return
    }
    var fate = earlier.fate
    // A copy outside of the promised window makes a second row in an honest pipeline too.
    if !promised, fate == .stored {
      fate = .forgotten
      record(
        DedupWindow.description.name, .duplicated, event, message, detail: ",\"copy_after_ms\":\(arrival.time - earlier.arrival)")
    }
    memory.set(event.key, fate, arrival: arrival.time)
    add(Row(timestamp: event.timestamp * 1000, value: event.value, ingestedAt: now), event, message)
    rowStored(event, message, unharmed: false, now: now)
  }

  private func add(_ row: Row, _ event: borrowing Event, _ message: UnsafeRawBufferPointer) {
    var stored = row
    if let unit = defects.ingestUnit { stored.ingestedAt = unit.stored(row.ingestedAt) }
    batch.add(stored, event, message, encoder)
  }

  private func makeUp(after arrival: Arrival, _ event: Event, _ message: UnsafeRawBufferPointer, now: Int64) {
    guard let found = defects.phantom?.madeUp(after: arrival, isTaken: { memory[$0] != nil }) else { return }
    let sensor = LineFile.quote(event.sensorID.text(in: message))
    let device = LineFile.quote(event.assetID.text(in: message))
    harmed += 1
    injected.add(
      "{\"defect\":\"phantom\",\"verdict\":\"phantom\",\"device_id\":\(device),\"boot\":null,\"seq\":null,\"sensor_id\":\(sensor),"
        + "\"timestamp\":\(found.key.timestamp),\"stored\":\(found.value)}")
    add(Row(timestamp: found.key.timestamp * 1000, value: found.value, ingestedAt: now), event, message)
  }

  private func rowStored(_ event: Event, _ message: UnsafeRawBufferPointer, unharmed: Bool, now: Int64) {
    if unharmed { defects.nullCrash?.stored(event, message) }
    guard defects.crashReplay?.stored(event, message, unharmed: unharmed) == true else { return }
    storeAgain(defects.crashReplay?.replay() ?? [], CrashReplay.description.name, now: now)
  }

  /// Stores rows that were stored before and are unharmed.
  private func storeAgain(_ rows: [ReplayRing.Kept], _ defect: String, now: Int64) {
    for kept in rows {
      // It may have been harmed since it was stored.
      guard let entry = memory[kept.event.key], entry.fate == .stored else { continue }
      memory.set(kept.event.key, .harmed, arrival: now / 1000)
      kept.message.withUnsafeBytes { bytes in
        record(defect, .duplicated, kept.event, bytes, detail: "")
        let row = Row(timestamp: kept.event.timestamp * 1000, value: kept.event.value, ingestedAt: now)
        add(row, kept.event, bytes)
      }
    }
  }

  private func record(
    _ defect: String, _ verdict: HarmVerdict, _ event: Event, _ message: UnsafeRawBufferPointer, detail: String
  ) {
    harmed += 1
    let device = LineFile.quote(event.assetID.text(in: message))
    let sensor = LineFile.quote(event.sensorID.text(in: message))
    injected.add(
      "{\"defect\":\"\(defect)\",\"verdict\":\"\(verdict.rawValue)\",\"device_id\":\(device),\"boot\":\(event.boot),\"seq\":\(event.seq),"
        + "\"sensor_id\":\(sensor),\"timestamp\":\(event.timestamp)\(detail)}")
  }
}
