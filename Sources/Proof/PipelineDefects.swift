import FleetSpec
import Reconciliation
import Store
import Transport
import World

/// The defects of the virtual pipeline that the scenario switches on; each draws by itself, delivery by delivery.
struct PipelineDefects {
  let scenario: Scenario
  private let world: World
  private let isOn: Set<FaultSite>
  private let rates: [FaultSite: Double]
  private var random: RandomStream
  private var draws: UInt64 = 0
  private let burst: ClosedRange<Milliseconds>?
  private let earlyCutoff: Milliseconds
  private let shift: Int64
  private let unit: Int
  private let valueHarm: Int
  /// The last value of each sensor that was let through.
  private var lastValues: [String: Int64] = [:]
  /// Rows that wait for another one of the same sensor, to swap values with it.
  private var waiting: [String: TrackedRow] = [:]
  private var recent: [TrackedRow] = []
  private var sinceCrash = 0

  init(_ scenario: Scenario, _ world: World) {
    self.scenario = scenario
    self.world = world
    isOn = Set(scenario.sites)
    var rates: [FaultSite: Double] = [:]
    for site in scenario.sites { rates[site] = scenario.rate(site) }
    self.rates = rates
    random = RandomStream(seed: scenario.seed, device: 3, stream: 700_000)
    let duration = world.fleet.duration
    let burstStart = world.start + Milliseconds(scenario.draw(.dropBurst).uniform(1) * 0.8 * Double(duration))
    burst = scenario.has(.dropBurst) ? burstStart...(burstStart + max(2_000, duration / 20)) : nil
    earlyCutoff = scenario.earlyCutoff
    // Never a multiple of an interval: a shift by one would put a row at another reading's key, where nobody could tell whose it is.
    shift = [3_600_000_000, -3_600_000_000, 7_200_000_000, -1_337_000, -90_333_000][scenario.draw(.shiftedTimestamp).below(5, 1)]
    unit = scenario.timeUnit
    valueHarm = scenario.valueHarm
  }

  private mutating func uniform() -> Double {
    draws += 1
    return random.uniform(draws)
  }

  /// Whether a site that is on fires now.
  mutating func accepts(_ site: FaultSite) -> Bool {
    guard let rate = rates[site] else { return false }
    return uniform() < rate
  }

  /// The site that makes a delivery go under before anybody has looked into it.
  mutating func swallows(_ message: VirtualMessage, _ now: Milliseconds, _ contract: Pipeline) -> FaultSite? {
    if let burst, burst.contains(now) { return .dropBurst }
    if accepts(.drop) { return .drop }
    let lateness = message.arrived - message.reading.timestamp
    if isOn.contains(.earlyCutoff), lateness > earlyCutoff { return .earlyCutoff }
    if isOn.contains(.contractCutoff) {
      if let allowed = contract.allowedLateness, lateness > allowed { return .contractCutoff }
      if let future = contract.futureTolerance, -lateness > future { return .contractCutoff }
    }
    let isStrange = message.reading.malformation == .wrongUnit || message.reading.malformation == .outOfRange
    if isOn.contains(.refusesSound), isStrange || accepts(.refusesSound) { return .refusesSound }
    return nil
  }

  /// The site that takes a reading for what it is not.
  mutating func mistakes(_ reading: Reading, _ device: Int, _ now: Milliseconds) -> FaultSite? {
    guard isOn.contains(.similarValues) else { return nil }
    let sensor = world.devices[device].sensorID(world.profile(of: device).sensors[Int(reading.sensor)])
    if let last = lastValues[sensor], abs(reading.value - last) * 100 <= abs(last) { return .similarValues }
    lastValues[sensor] = reading.value
    return nil
  }

  /// The rows that are stored in place of an honest one.
  mutating func harm(_ honest: TrackedRow, _ truth: Truth, _ now: Milliseconds) -> [TrackedRow] {
    var row = honest
    if accepts(.swappedValues), waiting[row.row.sensorID] == nil {
      waiting[row.row.sensorID] = row
      return []
    }
    if accepts(.corruptedValue) { corruptValue(&row, truth) }
    if accepts(.corruptedAttribute) { corruptAttribute(&row) }
    if accepts(.shiftedTimestamp) { move(&row, to: row.row.timestampMicroseconds + shift, .shiftedTimestamp, truth) }
    if accepts(.timeUnit) { move(&row, to: mistaken(row.row.timestampMicroseconds / 1_000), .timeUnit, truth) }
    if accepts(.wrongIdentity) {
      let device = world.devices[row.device].id
      // A wide table has no column for a sensor that nobody has.
      row.row.sensorID = uniform() < 0.5 && scenario.tableKind != .wide ? "\(device).bogus" : "stranger-7.temperature"
      row.cause = .wrongIdentity
      truth.entries[row.device][Int(row.seq)].lossCause = .wrongIdentity
    }
    var rows = [row]
    if let other = waiting.removeValue(forKey: row.row.sensorID) { rows = swap(other, row) }
    if accepts(.duplicate) {
      var second = rows[0]
      second.cause = .duplicate
      rows.append(second)
    }
    if accepts(.phantom) { rows.append(phantom(like: honest, truth)) }
    return rows
  }

  private func swap(_ first: TrackedRow, _ second: TrackedRow) -> [TrackedRow] {
    var rows = [first, second]
    rows[0].row.value = second.row.value
    rows[1].row.value = first.row.value
    for index in rows.indices { rows[index].cause = .swappedValues }
    return rows
  }

  /// What still waits for another row when the run is over.
  mutating func held(_ truth: Truth) -> [TrackedRow] {
    let rows = waiting.sorted { $0.key < $1.key }.map(\.value)
    waiting = [:]
    return rows
  }

  /// The rows that a consumer stores again after a crash between writing and committing its offset.
  mutating func replay(_ row: TrackedRow, _ now: Milliseconds) -> [TrackedRow] {
    guard isOn.contains(.crashReplay) else { return [] }
    recent.append(row)
    if recent.count > 25 { recent.removeFirst() }
    sinceCrash += 1
    guard sinceCrash >= 150 else { return [] }
    sinceCrash = 0
    let rows = recent.map { kept in
      var again = kept
      again.row.ingestedAtMicroseconds = now * 1_000
      again.cause = .crashReplay
      return again
    }
    recent = []
    return rows
  }

  private func corruptValue(_ row: inout TrackedRow, _ truth: Truth) {
    guard let value = row.row.value else { return }
    switch valueHarm {
    case 0: row.row.value = value * 1_000
    case 1: row.row.value = -value
    case 2: row.row.value = nil
    case 3: row.row.value = value.rounded(.towardZero)
    case 4: row.row.value = value + 0.00001
    default: row.row.value = Double(Float(value))
    }
    // Changes below a millionth are more than a digest promises to see.
    if let changed = row.row.value, abs(changed - value) < 2e-6 {
      row.row.value = value
    } else {
      row.cause = .corruptedValue
      // A column of a wide table that is NULL holds nothing.
      if row.row.value == nil, scenario.tableKind == .wide { truth.entries[row.device][Int(row.seq)].lossCause = .corruptedValue }
    }
  }

  private mutating func corruptAttribute(_ row: inout TrackedRow) {
    let isIdentified = scenario.tableKind == .identified
    let columns = row.row.attributes.count + (isIdentified ? 1 : 0)
    guard columns > 0 else { return }
    let index = Int(uniform() * Double(columns))
    guard index < row.row.attributes.count else {
      row.row.message = MessageCode.unreadable
      row.cause = .corruptedAttribute
      return
    }
    let choices: [String?] = [nil, "GOOD", "BAD", "elsewhere"]
    let changed = choices[Int(uniform() * 4)]
    guard changed != row.row.attributes[index] else { return }
    row.row.attributes[index] = changed
    row.cause = .corruptedAttribute
  }

  private func mistaken(_ milliseconds: Milliseconds) -> Int64 {
    switch unit {
    case 0: milliseconds
    case 1: milliseconds / 1_000
    case 2: milliseconds / 1_000 * 1_000_000
    case 3: milliseconds / 1_000 * 1_000
    default: milliseconds &* 1_000_000
    }
  }

  private func move(_ row: inout TrackedRow, to microseconds: Int64, _ site: FaultSite, _ truth: Truth) {
    guard microseconds >= 0, microseconds < 9_000_000_000_000_000_000, microseconds != row.row.timestampMicroseconds else { return }
    let registered = truth.sensorID(row.device, truth.entries[row.device][Int(row.seq)].reading.sensor)
    guard !truth.keys.contains(RowKey(sensorID: registered, microseconds: microseconds)) else { return }
    row.row.timestampMicroseconds = microseconds
    row.cause = site
    truth.entries[row.device][Int(row.seq)].lossCause = site
  }

  private mutating func phantom(like honest: TrackedRow, _ truth: Truth) -> TrackedRow {
    var row = honest
    row.device = -1
    row.seq = -1
    row.cause = .phantom
    let registered = truth.sensorID(honest.device, truth.entries[honest.device][Int(honest.seq)].reading.sensor)
    row.row.sensorID = registered
    repeat {
      row.row.timestampMicroseconds += 101_000 + 2_000 * Int64(uniform() * 400)
    } while truth.keys.contains(RowKey(sensorID: registered, microseconds: row.row.timestampMicroseconds))
    row.row.value = 100_000 + Double(draws)
    // A number that no device reaches.
    if scenario.tableKind == .identified { row.row.message = MessageCode.code(boot: 1, sequence: 1_000_000_000 + Int64(draws)) }
    return row
  }
}
