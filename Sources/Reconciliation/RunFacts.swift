import FleetSpec
import Ledger
import World

/// What a reconciliation knows of a run before it looks at any reading.
public struct RunFacts: Sendable {
  public var runID: String
  public var state: String
  /// Wall-clock milliseconds.
  public var wallStart: Milliseconds
  public var wallEnd: Milliseconds
  public var published: Int64
  /// The simulated instant up to which all of its ledgers tell everything; of a run that was killed.
  public var durableUntil: Milliseconds
  public var delivery: DeliverySummary
  /// What the run has proven that its brokers had acknowledged and lost.
  public var brokerLosses: [BrokerLoss]
  private var shards: [ShardFacts]

  /// One ledger's.
  private struct ShardFacts: Sendable {
    var state: String
    var wallStart: Milliseconds
    var wallEnd: Milliseconds
    var published: Int64
    /// By device, or nil when the process was killed.
    var measured: [Int64]?
    var durableUntil: Milliseconds

    init(_ ledger: LedgerReader) throws {
      let recorded = try ledger.fact("state") ?? "running"
      wallStart = try ledger.number("wall_start") ?? 0
      durableUntil = try ledger.number("durable_until") ?? 0
      if recorded == "running" {
        // Nobody wrote the end: the process was killed.
        state = "killed"
        measured = nil
        let simulatedStart = try ledger.number("start") ?? 0
        wallEnd = wallStart + max(0, durableUntil - simulatedStart)
        published = try ledger.lastMetric("published") ?? 0
      } else {
        state = recorded
        measured = try ledger.measured()
        wallEnd = try ledger.number("wall_end") ?? wallStart
        published = try ledger.number("published") ?? 0
      }
    }
  }

  /// - Throws: `LedgerError` when a ledger cannot be read.
  public init(_ ledger: RunLedger) throws {
    let facts = try ledger.shards.map { try ShardFacts($0) }
    shards = facts
    runID = try ledger.shards.map { try $0.fact("run_id") ?? "" }.joined(separator: "+")
    // The run as a whole is as well as the worst of its parts.
    state = ["killed", "failed", "interrupted"].first { state in facts.contains { $0.state == state } } ?? facts[0].state
    wallStart = facts.reduce(.max) { min($0, $1.wallStart) }
    wallEnd = facts.reduce(.min) { max($0, $1.wallEnd) }
    published = facts.reduce(0) { $0 + $1.published }
    durableUntil = facts.reduce(.max) { $1.measured == nil ? min($0, $1.durableUntil) : $0 }
    if durableUntil == .max { durableUntil = facts.reduce(.max) { min($0, $1.durableUntil) } }
    brokerLosses = try ledger.shards.flatMap { BrokerLoss.decode(try $0.fact(BrokerLoss.key) ?? "") }
    var events: [UInt8: Int64] = [:]
    for shard in ledger.shards {
      for (event, count) in try shard.eventCounts() { events[event, default: 0] += count }
    }
    // The raw values of Firmware's `DeviceEvent`.
    delivery = DeliverySummary(
      redelivered: events[8] ?? 0, repeated: (events[9] ?? 0) + (events[40] ?? 0) + (events[41] ?? 0), heldBack: events[10] ?? 0,
      connectionsLost: (events[2] ?? 0) + (events[7] ?? 0) + (events[11] ?? 0), powerCuts: events[3] ?? 0,
      networkOutages: events[5] ?? 0)
  }

  /// Whether how many readings there were is known of all devices.
  public var isComplete: Bool { shards.allSatisfy { $0.measured != nil } }

  /// How many readings a device measured, or nil when its process was killed.
  /// - Parameter shard: the one that has played it.
  func measured(of device: Int, shard: Int) -> Int64? { shards[shard].measured?[device] }

  /// The simulated instant up to which a shard's ledger tells everything; `.max` when its process was not killed.
  func durable(shard: Int) -> Milliseconds { shards[shard].measured == nil ? shards[shard].durableUntil : .max }
}
