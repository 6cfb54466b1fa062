import FleetSpec
import Ledger
import Store
import World

/// The life of one reading: what was measured, what the network did with it, what the store holds, and the verdict.
public struct Explanation: Sendable {
  public struct Step: Sendable, Equatable {
    /// Simulated instant, or nil when the step has none.
    public var at: Milliseconds?
    public var text: String
  }
  public var deviceID: String
  public var sensorID: String
  public var reading: Reading
  public var unit: String
  public var valueText: String
  public var steps: [Step]
  public var rows: [TableRow]
  /// Nil when the store could not be asked; then `reason` says why.
  public var verdict: Verdict?
  public var reason: String
}

/// Why a reading cannot be explained.
public struct ExplanationError: Error, CustomStringConvertible {
  public let description: String
}

extension Reconciler {
  /// Tells the life of a reading; asks the store for the rows of its sensor nearby.
  /// - Throws: `ExplanationError` when the run has no such reading.
  public func explain(deviceID: String, seq: Int64) throws -> Explanation {
    guard let device = world.devices.firstIndex(where: { $0.id == deviceID }) else {
      throw ExplanationError(description: "the run has no device '\(deviceID)'; its first is '\(world.devices[0].id)'")
    }
    var found: (Reading, Fate)?
    try forEachReading(of: device) { reading, fate in if reading.seq == seq { found = (reading, fate) } }
    guard let (reading, fate) = found else {
      throw ExplanationError(description: "device '\(deviceID)' measured no reading \(seq) in this run; numbers begin at 0")
    }
    let sensor = sensors.firstOfDevice[device] + Int(reading.sensor)
    var near = window
    near.from = reading.timestamp
    near.to = reading.timestamp + 1
    var rows: [TableRow] = []
    let judged: (Verdict?, String)
    do {
      try store.rows(of: sensors.allIDs(of: sensor), in: near) { rows.append($0) }
      // Where nothing tells whose a row is, only those with the reading's value can be its own.
      if sensors.identity.isNone { rows = rows.filter { sensors.difference($0, sensor: sensor, reading: reading) == nil } }
      // What bears the id of another reading is that reading, at a wrong time.
      if sensors.tellsReading { rows = rows.filter { $0.message < 0 || $0.message == sensors.message(of: reading) } }
      rows.sort { ($0.ingestedAtMicroseconds ?? 0) < ($1.ingestedAtMicroseconds ?? 0) }
      judged = judgeAlone(reading, fate, sensor, rows)
    } catch let error as StoreError {
      // What the device did can be told all the same.
      judged = (nil, "\(error)")
    }
    return Explanation(
      deviceID: deviceID, sensorID: sensors.id(sensor), reading: reading,
      unit: world.profile(of: device).unitLabel(of: reading),
      valueText: Decimal.text(reading.value, decimals: sensors.decimals(of: reading, sensor: sensor)), steps: try steps(device, reading),
      rows: rows,
      verdict: judged.0, reason: judged.1)
  }

  private func judgeAlone(_ reading: Reading, _ fate: Fate, _ sensor: Int, _ rows: [TableRow]) -> (Verdict?, String) {
    guard !rows.isEmpty else {
      let verdict = contract.verdictWithoutRow(reading, fate, isDrained: true)
      return (verdict, withoutRow(verdict, fate))
    }
    guard fate.mayHaveArrived else {
      return (contract.verdictOnAgreement(reading, fate), "it never left the device; what stands at its key is a phantom")
    }
    if contract.isExpectedToBeRejected(reading) { return (.acceptedMalformed, "its payload was malformed, and the contract says reject") }
    if rows.count > contract.allowedRows(fate) {
      return (.duplicated, "\(rows.count) rows at its key; the contract allows \(contract.allowedRows(fate))")
    }
    if let difference = rows.lazy.compactMap({ self.sensors.difference($0, sensor: sensor, reading: reading) }).first {
      return (.corrupted, difference)
    }
    return (.stored, "one row at its key, equal to what was sent")
  }

  private func withoutRow(_ verdict: Verdict, _ fate: Fate) -> String {
    switch verdict {
    case .lost:
      "acknowledged by the broker, and no row at its key. If another reading's verdict is 'misplaced' by a common shift, this one may be too:"
        + " see exceptions.ndjson"
    case .droppedLate: "no row; it arrived later than the contract's allowed_lateness"
    case .discarded: "no row; the device had to let it go before it was ever sent"
    case .withheld: "no row; it was still in the device's buffer when the run ended"
    case .unconfirmed: "no row, and no acknowledgement: it may or may not have arrived"
    case .rejected: "no row, as the contract asks for a malformed payload"
    default: "no row"
    }
  }

  private func steps(_ device: Int, _ reading: Reading) throws -> [Explanation.Step] {
    var steps = [
      Explanation.Step(at: reading.trueTime, text: "measured; the device's clock showed \(Units.format(instant: reading.timestamp))")
    ]
    if reading.malformation != .none { steps.append(.init(at: nil, text: "its payload is malformed on purpose (\(reading.malformation))")) }
    try add(device, reading, over: "", to: &steps)
    if let other = secondLink[device] { try add(other, reading, over: "second link: ", to: &steps) }
    return steps.enumerated().sorted { ($0.element.at ?? .max, $0.offset) < ($1.element.at ?? .max, $1.offset) }.map(\.element)
  }

  /// What the ledger tells of a reading on one of its ways to the broker.
  private func add(_ device: Int, _ reading: Reading, over link: String, to steps: inout [Explanation.Step]) throws {
    let runs = try ledger.deliveries(of: device)
    guard let run = runs.first(where: { $0.firstSeq <= reading.seq && reading.seq <= $0.lastSeq }) else {
      steps.append(.init(at: nil, text: link + "the ledger does not know its fate: the run was killed before it was told"))
      return
    }
    let until = max(run.lastSent, run.acknowledgedAt, reading.trueTime) + 1_000
    let from = reading.trueTime - 1_000
    var entries = try ledger.timeline(of: device, from: from, to: until)
    let gateway = world.devices[device].gateway
    if gateway >= 0 { entries += try ledger.timeline(of: gateway, from: from, to: until).filter { $0.seq < 0 } }
    for entry in entries where entry.seq < 0 || entry.seq == reading.seq {
      steps.append(.init(at: entry.at, text: link + Self.eventText(entry.event)))
    }
    steps += Self.fateSteps(run, reading).map { Explanation.Step(at: $0.at, text: link + $0.text) }
  }

  private static func fateSteps(_ run: DeliveryRun, _ reading: Reading) -> [Explanation.Step] {
    let count = run.lastSeq - run.firstSeq + 1
    let shared = count == 1 ? "" : "; one of \(count) consecutive readings with this fate"
    var steps: [Explanation.Step] = []
    if run.firstSent > 0 {
      let delay = delayText(run)
      steps.append(.init(at: reading.trueTime + run.delayMinimum, text: "first sent, after \(delay) in the buffer\(shared)"))
      if run.attempts > 1 {
        steps.append(.init(at: count == 1 ? run.lastSent : nil, text: "put on the wire \(run.attempts) times in all"))
      }
    }
    switch run.outcome {
    case 1:
      let text =
        count == 1
        ? "acknowledged by the broker" : "acknowledged by the broker, at the latest at \(Units.format(instant: run.acknowledgedAt))"
      steps.append(.init(at: count == 1 ? run.acknowledgedAt : nil, text: text))
    case 2: steps.append(.init(at: nil, text: "never acknowledged"))
    case 3: steps.append(.init(at: nil, text: "discarded on the device, never sent\(shared)"))
    default: steps.append(.init(at: nil, text: "still buffered when the run ended\(shared)"))
    }
    return steps
  }

  private static func delayText(_ run: DeliveryRun) -> String {
    run.delayMinimum == run.delayMaximum ? "\(run.delayMinimum) ms" : "\(run.delayMinimum) to \(run.delayMaximum) ms"
  }

  /// The text of a timeline event, by the raw value of Firmware's `DeviceEvent`.
  private static func eventText(_ event: UInt8) -> String {
    switch event {
    case 1: "the device connected"
    case 2: "the device lost its connection"
    case 3: "the device lost power"
    case 4: "the device's power returned"
    case 5: "the network went down (planned outage)"
    case 6: "the network came back"
    case 7: "the connection was cut on purpose between PUBLISH and PUBACK"
    case 8: "sent again by the session after the reconnect (DUP)"
    case 9: "sent again by the application, with the same event id"
    case 10: "held back on purpose"
    case 11: "no acknowledgement within the time-out; the device dropped the connection"
    case 12: "the buffer was full and it gave way"
    case 13: "its gateway did not hear it"
    case 20: "an upload began"
    case 21: "an upload had sent everything"
    case 22: "the link died: it looks open, and nothing gets out or in"
    case 23: "the dead link came back"
    case 24: "the link became one-way: messages arrive, acknowledgements do not come back"
    case 25: "acknowledgements come back again"
    case 26: "the device's certificate expired"
    case 27: "the device's certificate was renewed"
    case 28: "a connection attempt failed: the link is dead or one-way, or the certificate has expired (simulated)"
    case 29: "nothing was heard for two keepalives; the device dropped the connection"
    case 30: "it was older than the buffer reaches in time, and discarded"
    case 31: "power was lost before the acknowledgement pointer was saved: it goes out again"
    case 40: "sent again by the application, under a new event id"
    case 41: "sent again with a whole batch of acknowledged readings"
    case 50: "a command set another interval between the samples that are sent"
    case 51: "a command made the device start again"
    case 52: "a command asked the device what it is"
    case 53: "a command came that the device does not understand"
    case 54: "a command wants fewer samples: it was not sent, and discarded"
    case 55: "the broker rejected it with a reason code"
    default: "event \(event)"
    }
  }
}
