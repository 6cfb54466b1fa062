import FleetSpec
import Ledger

/// What happened in a run over time, in the columns of a grid. A series that the ledger does not have is nil; so is a value within one.
public struct RunFigures: Sendable {
  /// A value for each column.
  public typealias Series = [Double?]

  public struct Latency: Sendable {
    public var columns: [Percentiles?]
    public var whole: Percentiles
  }

  public private(set) var grid: FigureGrid
  /// Readings per second: measured, sent for the first time, acknowledged for the first time.
  public private(set) var planned: Series?
  public private(set) var sent: Series?
  public private(set) var acknowledged: Series?
  /// Messages per second that the firmware handed to the transport, repeats among them.
  public private(set) var published: Series?
  public private(set) var sentToAcknowledged: Latency?
  public private(set) var measuredToAcknowledged: Latency?
  /// Connections by state, as `metrics` names them.
  public private(set) var states: [(name: String, values: Series)] = []
  /// Connections that were open, once per second; also in ledgers that have no states.
  public private(set) var connected: Series?
  /// Readings that waited on the devices.
  public private(set) var buffered: Series?
  /// Events by their number, in each column.
  public private(set) var events: [UInt8: [Int64]] = [:]
  /// Shares of one processor, mebibytes, and milliseconds.
  public private(set) var processor: Series?
  public private(set) var resident: Series?
  public private(set) var lag99: Series?
  public private(set) var lagMaximum: Series?
  public private(set) var busyMaximum: Series?
  /// Of the whole run, by name in `histograms`, in milliseconds.
  public private(set) var loop: [(name: String, percentiles: Percentiles)] = []
  /// Readings by outcome, and those sent more than once.
  public private(set) var outcomes: [(outcome: UInt8, readings: Int64, sentAgain: Int64)] = []

  /// - Parameter ledgers: one, or those of all shards of a fleet, whose figures are put together.
  public init(_ ledgers: [LedgerReader], grid: FigureGrid) throws {
    self.grid = grid
    if let first = ledgers.first { try read(first) }
    for ledger in ledgers.dropFirst() {
      var one = RunFigures(grid: grid)
      try one.read(ledger)
      add(one)
    }
    sentToAcknowledged = try latency(ledgers, .sentToAcknowledged)
    measuredToAcknowledged = try latency(ledgers, .measuredToAcknowledged)
    try readLoop(ledgers)
  }

  private init(grid: FigureGrid) { self.grid = grid }

  private mutating func read(_ ledger: LedgerReader) throws {
    try readThroughput(ledger)
    try readStates(ledger)
    try readEvents(ledger)
    try readProcess(ledger)
    outcomes = try ledger.outcomes()
  }

  /// Puts another shard's figures to these: counts, rates, memory and processors add up, of delays the longest counts.
  private mutating func add(_ other: RunFigures) {
    func sum(_ a: Series?, _ b: Series?) -> Series? { Self.combined(a, b) { $0 + $1 } }
    func longest(_ a: Series?, _ b: Series?) -> Series? { Self.combined(a, b) { max($0, $1) } }
    planned = sum(planned, other.planned)
    sent = sum(sent, other.sent)
    acknowledged = sum(acknowledged, other.acknowledged)
    published = sum(published, other.published)
    connected = sum(connected, other.connected)
    buffered = sum(buffered, other.buffered)
    processor = sum(processor, other.processor)
    resident = sum(resident, other.resident)
    lag99 = longest(lag99, other.lag99)
    lagMaximum = longest(lagMaximum, other.lagMaximum)
    busyMaximum = longest(busyMaximum, other.busyMaximum)
    for (name, values) in other.states {
      if let index = states.firstIndex(where: { $0.name == name }) {
        states[index].values = sum(states[index].values, values) ?? values
      } else {
        states.append((name, values))
      }
    }
    for (event, counts) in other.events {
      events[event] = events[event].map { zip($0, counts).map(+) } ?? counts
    }
    for one in other.outcomes {
      if let index = outcomes.firstIndex(where: { $0.outcome == one.outcome }) {
        outcomes[index].readings += one.readings
        outcomes[index].sentAgain += one.sentAgain
      } else {
        outcomes.append(one)
      }
    }
  }

  private static func combined(_ first: Series?, _ second: Series?, _ combine: (Double, Double) -> Double) -> Series? {
    guard let first, let second else { return first ?? second }
    return zip(first, second).map { one, other in
      guard let one, let other else { return one ?? other }
      return combine(one, other)
    }
  }

  /// The number of an event over the whole run.
  public func total(_ event: UInt8) -> Int64 { events[event]?.reduce(0, +) ?? 0 }

  /// Connections that the fleet holds when all are up; 0 when it is not known.
  public var connections: Int {
    let known = (0..<grid.columns).map { column in states.reduce(0.0) { $0 + ($1.values[column] ?? 0) } }.max() ?? 0
    return Int(max(known, connected?.compactMap { $0 }.max() ?? 0))
  }

  /// The sums of several events, per column.
  func events(_ numbers: UInt8...) -> Series {
    (0..<grid.columns).map { column in Double(numbers.reduce(0) { $0 + (events[$1]?[column] ?? 0) }) }
  }
}

extension RunFigures {
  private mutating func readThroughput(_ ledger: LedgerReader) throws {
    let rows = try ledger.throughput()
    if !rows.isEmpty {
      var counts = [[Double]](repeating: [0, 0, 0], count: grid.columns)
      for row in rows {
        guard let column = grid.column(of: row.at) else { continue }
        for (index, value) in [row.planned, row.sent, row.acknowledged].enumerated() { counts[column][index] += Double(value) }
      }
      func rates(_ index: Int, until limit: Milliseconds) -> Series {
        counts.indices.map { column in grid.seconds(of: column, until: limit).map { counts[column][index] / $0 } }
      }
      planned = rates(0, until: grid.measuredUntil)
      sent = rates(1, until: grid.end)
      acknowledged = rates(2, until: grid.end)
    }
    published = try rate(ledger, "published")
  }

  /// The increase per second of a metric that only grows.
  private func rate(_ ledger: LedgerReader, _ name: String) throws -> Series? {
    let samples = try ledger.metric(name, from: grid.start, every: grid.length)
    guard !samples.isEmpty else { return nil }
    var series = Series(repeating: nil, count: grid.columns)
    var previous: (stretch: Int, value: Int64) = (-1, 0)
    for sample in samples where sample.stretch < grid.columns {
      // A stretch without a sample shares in the increase up to the next one.
      let each = Double(sample.value - previous.value) / Double(sample.stretch - previous.stretch)
      for column in (previous.stretch + 1)...sample.stretch {
        series[column] = grid.seconds(of: column, until: grid.end).map { each / $0 }
      }
      previous = sample
    }
    return series
  }

  private func latency(_ ledgers: [LedgerReader], _ kind: LatencyKind) throws -> Latency? {
    let rows = try ledgers.flatMap { try $0.latencies(kind) }
    guard !rows.isEmpty else { return nil }
    var maxima = [Double](repeating: 0, count: grid.columns)
    for row in try ledgers.flatMap({ try $0.throughput() }) {
      guard let column = grid.column(of: row.at) else { continue }
      let maximum = kind == .sentToAcknowledged ? row.sentToAcknowledged : row.measuredToAcknowledged
      maxima[column] = max(maxima[column], Double(maximum))
    }
    var buckets = [[(upperBound: Double, count: Int64)]](repeating: [], count: grid.columns)
    for row in rows {
      guard let column = grid.column(of: row.at) else { continue }
      buckets[column].append((Double(row.upperBound), row.count))
    }
    guard let whole = Percentiles(buckets.flatMap { $0 }, maximum: maxima.max() ?? 0) else { return nil }
    return Latency(columns: buckets.indices.map { Percentiles(buckets[$0], maximum: maxima[$0]) }, whole: whole)
  }

  /// A look that came a little late leaves an interval without one: what was seen last still holds there.
  private static func bridged(_ series: Series) -> Series {
    var result = series
    var last: Int?
    for column in series.indices where series[column] != nil {
      if let last, column - last <= 3 { for gap in (last + 1)..<column { result[gap] = series[last] } }
      last = column
    }
    return result
  }

  private func gauge(_ ledger: LedgerReader, _ name: String, scale: Double = 1, greatest: Bool = false) throws -> Series? {
    let samples =
      try greatest
      ? ledger.greatest(name, from: grid.start, every: grid.length) : ledger.metric(name, from: grid.start, every: grid.length)
    guard !samples.isEmpty else { return nil }
    var series = Series(repeating: nil, count: grid.columns)
    for sample in samples where sample.stretch < grid.columns { series[sample.stretch] = Double(sample.value) * scale }
    return Self.bridged(series)
  }

  private mutating func readStates(_ ledger: LedgerReader) throws {
    for name in ["no_power", "no_network", "impaired", "waiting", "connecting", "asleep", "connected"] {
      if let values = try gauge(ledger, "state_" + name) { states.append((name, values)) }
    }
    connected = try gauge(ledger, "connected")
    buffered = try gauge(ledger, "buffered", greatest: true)
  }

  private mutating func readEvents(_ ledger: LedgerReader) throws {
    for row in try ledger.events(from: grid.start, every: grid.length) {
      let column = min(row.stretch, grid.columns - 1)
      events[row.event, default: [Int64](repeating: 0, count: grid.columns)][column] += row.count
    }
  }

  private mutating func readProcess(_ ledger: LedgerReader) throws {
    resident = try gauge(ledger, "resident_bytes", scale: 1 / 1_048_576, greatest: true)
    lag99 = try gauge(ledger, "timer_lag_p99_us", scale: 0.001, greatest: true)
    lagMaximum = try gauge(ledger, "timer_lag_max_us", scale: 0.001, greatest: true)
    busyMaximum = try gauge(ledger, "loop_busy_max_us", scale: 0.001, greatest: true)
    let used = try ledger.metric("processor_us", from: grid.start, every: grid.length)
    let wall = try ledger.metric("wall_ms", from: grid.start, every: grid.length)
    if !used.isEmpty && used.count == wall.count {
      var series = Series(repeating: nil, count: grid.columns)
      for index in 1..<max(1, used.count) where used[index].stretch < grid.columns && wall[index].value > wall[index - 1].value {
        series[used[index].stretch] =
          Double(used[index].value - used[index - 1].value) / Double(wall[index].value - wall[index - 1].value) / 1_000
      }
      processor = Self.bridged(series)
    }
  }

  private mutating func readLoop(_ ledgers: [LedgerReader]) throws {
    for name in ["timer_lag_us", "loop_busy_us", "loop_processor_us", "loop_blocked_us"] {
      let rows = try ledgers.flatMap { try $0.histogram(name) }
      let longest = Double(rows.map(\.upperBound).max() ?? 0) / 1_000
      if let percentiles = Percentiles(rows.map { (Double($0.upperBound) / 1_000, $0.count) }, maximum: longest) {
        loop.append((name, percentiles))
      }
    }
  }
}
