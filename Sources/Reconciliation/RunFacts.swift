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
  /// How many readings each device measured, or nil when the run was killed.
  public var measured: [Int64]?
  /// The simulated instant up to which the ledger tells everything.
  public var durableUntil: Milliseconds
  public var delivery: DeliverySummary

  /// - Throws: `LedgerError` when the ledger cannot be read.
  public init(_ ledger: LedgerReader) throws {
    runID = try ledger.fact("run_id") ?? ""
    let recorded = try ledger.fact("state") ?? "running"
    let start = try ledger.number("wall_start") ?? 0
    wallStart = start
    durableUntil = try ledger.number("durable_until") ?? 0
    if recorded == "running" {
      // Nobody wrote the end: the process was killed.
      state = "killed"
      measured = nil
      let simulatedStart = try ledger.number("start") ?? 0
      wallEnd = start + max(0, durableUntil - simulatedStart)
      published = try ledger.lastMetric("published") ?? 0
    } else {
      state = recorded
      measured = try ledger.measured()
      wallEnd = try ledger.number("wall_end") ?? start
      published = try ledger.number("published") ?? 0
    }
    let events = try ledger.eventCounts()
    // The raw values of Firmware's `DeviceEvent`.
    delivery = DeliverySummary(
      redelivered: events[8] ?? 0, repeated: (events[9] ?? 0) + (events[40] ?? 0) + (events[41] ?? 0), heldBack: events[10] ?? 0,
      connectionsLost: (events[2] ?? 0) + (events[7] ?? 0) + (events[11] ?? 0), powerCuts: events[3] ?? 0,
      networkOutages: events[5] ?? 0)
  }
}
