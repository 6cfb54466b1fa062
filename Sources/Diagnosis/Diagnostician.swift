import FleetSpec
import Reconciliation
import World

/// Watches a reconciliation and says afterwards what the pipeline did. Memory is bounded: bad readings are as many as the reconciliation
/// remembers, of the others a sample is kept.
public final class Diagnostician: JudgementObserver {
  /// Readings of a device are put into the order in which they were sent within blocks of this many.
  private static let block = 65_536
  private static let mostRefused = 20_000
  private static let mostLate = 50_000
  private static let mostArrivals = 4_096

  private var run: ObservedRun?
  private var bad: [Case] = []
  private var late: [Case] = []
  private var refused: [Case] = []
  private var good = GoodSample()
  private var phantoms: [PhantomRow] = []
  private var pending: [Case] = []
  private var device = -1
  /// Readings of devices that share an id, by the original, until all of them have been shown: what the pipeline let through before is one
  /// and the same for them.
  private var shared: [Int: [Case]] = [:]
  private var membersLeft: [Int: Int] = [:]
  /// By the device's sensors.
  private var last: [(value: Double, timestamp: Milliseconds)] = []
  private var highest: [Double] = []
  private var highestArrived: [Double] = []
  private var traits: [Case.Traits] = []
  private var resetsSequence = false
  private var numbers: Set<Int64> = []

  public init() {}

  /// A run may be shown in parts, each of which begins anew.
  public func begin(_ part: ObservedRun) -> Bool {
    finishShared()
    membersLeft.removeAll()
    for device in part.world.devices where device.twin?.kind == .clone {
      membersLeft[device.twin?.original ?? 0, default: 1] += 1
    }
    var whole = part
    if let before = run {
      for verdict in Verdict.allCases { whole.counts[verdict] += before.counts[verdict] }
      whole.observedArrivals = Array((before.observedArrivals + part.observedArrivals).prefix(Self.mostArrivals))
      whole.arrivals =
        min(before.arrivals.lowerBound, part.arrivals.lowerBound)...max(before.arrivals.upperBound, part.arrivals.upperBound)
    }
    run = whole
    return whole.lateRepeats >= WideWindowDetector.fewest
      || Verdict.allCases.contains { !$0.isPermitted && $0 != .pending && whole.counts[$0] > 0 }
  }

  /// How many bad readings and rows are remembered.
  public var remembered: Int { bad.count + phantoms.count }

  public func observe(_ phantom: PhantomRow) { phantoms.append(phantom) }

  public func observe(_ judged: JudgedReading) {
    if judged.device != device { turn(to: judged.device) }
    var item = Case(judged)
    item.traits = traits[Int(item.sensor)]
    // Where firmware begins to count anew at each boot, the same numbers come again.
    if resetsSequence, !numbers.insert(judged.reading.sequence).inserted { item.traits.insert(.sameNumber) }
    // Readings of one sample stay in one block.
    if pending.count >= Self.block, pending.last?.timestamp != item.timestamp {
      markSamples()
      settle()
    }
    pending.append(item)
  }

  private func turn(to next: Int) {
    finishDevice()
    device = next
    prepare(next)
  }

  /// Begins with a device: nothing of it was let through yet.
  private func prepare(_ next: Int) {
    numbers.removeAll(keepingCapacity: true)
    guard let world = run?.world else { return }
    let profile = world.profile(of: next)
    last = profile.sensors.map { _ in (.nan, 0) }
    highest = profile.sensors.map { _ in .nan }
    highestArrived = highest
    traits = profile.sensors.map { sensor in
      var traits: Case.Traits = []
      if sensor.quantity.isCounter { traits.insert(.isCounter) }
      if sensor.decimals == 0 { traits.insert(.isWhole) }
      return traits
    }
    resetsSequence = profile.resetsSequence
  }

  /// A device's readings are complete: those that share its id may still have to come.
  private func finishDevice() {
    markSamples()
    let original = device >= 0 ? run?.world.devices[device].twin?.original ?? device : -1
    guard membersLeft[original] ?? 0 > 0 else {
      settle()
      return
    }
    membersLeft[original, default: 1] -= 1
    let all = (shared.removeValue(forKey: original) ?? []) + pending
    if membersLeft[original] ?? 0 > 0, all.count < Self.block {
      shared[original] = all
      pending.removeAll(keepingCapacity: true)
    } else {
      pending = all
      settle()
    }
  }

  /// Those whose companions are not shown.
  private func finishShared() {
    finishDevice()
    device = -1
    for original in shared.keys.sorted() {
      pending = shared[original] ?? []
      prepare(original)
      settle()
    }
    shared.removeAll()
  }

  /// Tells the readings so far what was let through before them.
  private func settle() {
    defer { pending.removeAll(keepingCapacity: true) }
    let isOrdered = zip(pending, pending.dropFirst()).allSatisfy { $0.sent <= $1.sent }
    if !isOrdered { pending.sort { ($0.sent, $0.seq) < ($1.sent, $1.seq) } }
    for index in pending.indices {
      let sensor = Int(pending[index].sensor)
      pending[index].lastValue = last[sensor].value
      pending[index].lastTimestamp = last[sensor].timestamp
      let timestamp = pending[index].timestamp
      note(&pending[index])
      if !last[sensor].value.isNaN, second(timestamp) == second(last[sensor].timestamp) { pending[index].traits.insert(.sameSecond) }
      if pending[index].verdict == .lost { pending[index].nearestChange = nearestChange(index) }
      if pending[index].isIn {
        last[sensor] = (pending[index].value, timestamp)
      }
      file(pending[index])
    }
  }

  private static let mostNeighbours = 24
  private static let neighbourhood: Milliseconds = 500

  /// The closest value of what was let through of the same sensor at about the same time.
  private func nearestChange(_ index: Int) -> Double {
    let item = pending[index]
    var least = Double.infinity
    let from = max(0, index - Self.mostNeighbours)
    let to = min(pending.count, index + Self.mostNeighbours + 1)
    for other in pending[from..<to] where other.sensor == item.sensor && other.isIn {
      guard abs(other.sent - item.sent) <= Self.neighbourhood + item.sentMargin + other.sentMargin else { continue }
      least = min(least, item.change(from: other.value))
    }
    return least
  }

  /// Tells a reading how high its sensor has been.
  private func note(_ item: inout Case) {
    let sensor = Int(item.sensor)
    item.highest = highest[sensor]
    item.highestArrived = highestArrived[sensor]
    // What is compared with NaN is false.
    if item.isWhole, !(item.value <= highest[sensor]) { highest[sensor] = item.value }
    if item.hasArrived, !(item.value <= highestArrived[sensor]) { highestArrived[sensor] = item.value }
  }

  /// Marks readings of which another one of the same sample was let through: in which order they arrived is not known.
  private func markSamples() {
    var start = 0
    while start < pending.count {
      var end = start
      var passed = 0
      var inAnyWay = 0
      var arrived = 0
      while end < pending.count, pending[end].timestamp == pending[start].timestamp {
        if pending[end].isWhole { passed += 1 }
        if pending[end].hasArrived { arrived += 1 }
        if pending[end].isIn { inAnyWay += 1 }
        end += 1
      }
      for index in start..<end {
        if passed > (pending[index].isWhole ? 1 : 0) { pending[index].traits.insert(.sameDeviceAndTime) }
        if arrived > (pending[index].hasArrived ? 1 : 0) { pending[index].traits.insert(.sharesSample) }
        let isIn = pending[index].isIn
        if inAnyWay > (isIn ? 1 : 0) { pending[index].traits.insert(.sameDeviceAndTimeInAnyWay) }
      }
      start = end
    }
  }

  private func second(_ timestamp: Milliseconds) -> Milliseconds { timestamp >= 0 ? timestamp / 1_000 : (timestamp - 999) / 1_000 }

  private func file(_ item: Case) {
    switch item.verdict {
    case .stored: good.add(item)
    case .lost where run?.world.fleet.pipeline.delivery == .atMostOnce: break
    case .lost, .duplicated, .corrupted, .misplaced, .acceptedMalformed, .collided: bad.append(item)
    case .droppedLate: if late.count < Self.mostLate { late.append(item) }
    case .rejected: if refused.count < Self.mostRefused { refused.append(item) }
    case .unconfirmed where item.malformation.mustBeRefused: if refused.count < Self.mostRefused { refused.append(item) }
    case .phantom, .discarded, .withheld, .unconfirmed, .pending: break
    }
  }

  /// What was found; `Diagnosis.healthy` when nothing was wrong.
  public func diagnose() -> Diagnosis {
    finishShared()
    guard let run else { return .healthy }
    bad.sort { ($0.device, $0.seq) < ($1.device, $1.seq) }
    let goodCases = good.cases()
    var file = CaseFile(run: run, bad: bad, late: late, good: goodCases, refused: refused, phantoms: phantoms)
    let hypotheses = Detectors.run(&file)
    let findings = hypotheses.indices.map { finding($0, hypotheses, file) }
    let ordered = findings.enumerated().sorted { ($1.element.explained, $0.offset) < ($0.element.explained, $1.offset) }.map(\.element)
    return Diagnosis(findings: ordered, remainder: remainder(file), bad: file.bad, notes: notes(run, goodCases))
  }

  private func finding(_ number: Int, _ all: [Hypothesis], _ file: CaseFile) -> Diagnosis.Finding {
    let hypothesis = all[number]
    let explained = Int64(hypothesis.explained.count) + hypothesis.phantoms
    var verdicts: [String: Int64] = [:]
    for index in hypothesis.explained { verdicts[file.cases[index].verdict.rawValue, default: 0] += 1 }
    if hypothesis.phantoms > 0 { verdicts[Verdict.phantom.rawValue] = hypothesis.phantoms }
    return Diagnosis.Finding(
      cause: hypothesis.cause, statement: hypothesis.statement, evidence: hypothesis.evidence,
      doubts: hypothesis.doubts + overlaps(number, all, file),
      examples: examples(hypothesis, file), explained: explained, verdicts: verdicts,
      share: file.bad > 0 ? Double(explained) / Double(file.bad) : 0, contract: file.contract(hypothesis.contract),
      subject: hypothesis.subject)
  }

  /// The first, the middle and the last.
  private func examples(_ hypothesis: Hypothesis, _ file: CaseFile) -> [Diagnosis.Example] {
    let list = hypothesis.explained
    guard !list.isEmpty else {
      guard hypothesis.phantoms > 0 else { return [] }
      return file.phantoms.prefix(3).map {
        Diagnosis.Example(
          deviceID: $0.deviceID, sensorID: $0.sensorID, seq: -1, timestamp: $0.timestampMicroseconds / 1_000,
          verdict: Verdict.phantom.rawValue,
          detail: "value \($0.value.map { "\($0)" } ?? "NULL")")
      }
    }
    var picked: [Int] = []
    for position in [0, list.count / 2, list.count - 1] where !picked.contains(list[position]) { picked.append(list[position]) }
    return picked.map { file.example($0, hypothesis.detail(file.cases[$0])) }
  }

  /// Says where another finding would explain the same readings.
  private func overlaps(_ number: Int, _ all: [Hypothesis], _ file: CaseFile) -> [String] {
    let own = all[number].explained
    var doubts: [String] = []
    for (index, other) in all.enumerated() where index != number {
      guard let rule = other.foretells else { continue }
      let shared = own.reduce(0) { $0 + (file.cases[$1].verdict == rule.verdict && rule.of(file.cases[$1]) ? 1 : 0) }
      guard shared >= 3, shared * 5 >= own.count else { continue }
      doubts.append(
        "\(Phrases.number(Int64(shared))) of the \(Phrases.number(Int64(own.count))) could also be there because it \(other.statement)")
    }
    return doubts
  }

  private func remainder(_ file: CaseFile) -> Diagnosis.Remainder {
    var verdicts: [String: Int64] = [:]
    let open = (0..<file.badCount).filter { !file.isExplained[$0] }
    for index in open { verdicts[file.cases[index].verdict.rawValue, default: 0] += 1 }
    let phantoms = file.phantomCount - file.explainedPhantoms
    if phantoms > 0 { verdicts[Verdict.phantom.rawValue] = phantoms }
    return Diagnosis.Remainder(
      count: Int64(open.count) + phantoms, verdicts: verdicts, features: open.isEmpty ? [] : Separation.best(of: open, file))
  }

  private func notes(_ run: ObservedRun, _ good: [Case]) -> [String] {
    var notes: [String] = []
    if run.devicesShown < run.devices {
      notes.append(
        "there are too many bad readings to look at all: the counts are those of \(Phrases.number(Int64(run.devicesShown))) of "
          + "\(Phrases.number(Int64(run.devices))) devices, chosen at random")
    }
    if run.world.fleet.pipeline.store?.identity.isNone ?? false, bad.count + phantoms.count > 0 {
      notes.append(
        "nothing in the table tells whose a row is: causes that lie in what a reading belongs to, or in its value, cannot be told; "
          + "name a column under pipeline: store: identity")
    }
    if good.contains(where: { $0.weight > 1 }) {
      notes.append("of the readings that are stored as they should be a sample was looked at: their counts are estimates")
    }
    return notes
  }
}
