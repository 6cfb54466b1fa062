import FleetSpec
import Ledger
import Store

/// How long readings took from their measurement, by the device's clock, to their arrival in the store.
public struct ArrivalLatency: Codable, Sendable, Equatable {
  /// Simulated instant at which column 0 begins.
  public var from: Milliseconds
  /// Milliseconds of a column.
  public var length: Milliseconds
  /// By the device's timestamp; nil where no row is.
  public var columns: [Percentiles?]
  public var whole: Percentiles
  /// Rows that arrived before their own timestamp, because the device's clock was ahead. They count with a latency of 0.
  public var ahead: Int64

  /// Why the latency to the store cannot be told, in words for people.
  public enum Unobservable: Error, Sendable, Equatable {
    case noArrivals
    case notRealTime
    case noRows

    public var reason: String {
      switch self {
      case .noArrivals: "the table does not tell when a row arrived (ingested_at)"
      case .notRealTime: "the run was not played in real time, so that its timestamps and the time of arrival have different paces"
      case .noRows: "the table has no row of the run"
      }
    }
  }

  /// Asks the store; one scan of the run's rows, in which the store does the counting.
  /// - Parameters:
  ///   - ledger: of the run; tells how the run's clock stood to the wall clock.
  ///   - window: of the reconciliation.
  ///   - from: simulated instant at which the columns begin.
  /// - Throws: `Unobservable`, or `StoreError`.
  public static func measure(
    on connection: StoreConnection, _ store: StoreMapping, ledger: LedgerReader, window: StoreWindow, from: Milliseconds,
    every length: Milliseconds, columns: Int
  ) throws -> ArrivalLatency {
    let offset = try clockOffset(ledger)
    let mapping = try TableMapping(store, on: connection)
    let range = TimeRange(from: from * 1_000, to: (from + length * Int64(columns)) * 1_000)
    let arrived = TimeRange(from: window.arrivedFrom * 1_000, to: window.arrivedUntil * 1_000)
    guard let query = try ArrivalQuery(range, every: length * 1_000, arrived: arrived, mapping: mapping) else {
      throw Unobservable.noArrivals
    }
    var buckets = [[(upperBound: Double, count: Int64)]](repeating: [], count: columns)
    var ahead: Int64 = 0
    try query.forEachGroup(on: connection) { group in
      guard group.stretch >= 0 && group.stretch < columns else { return }
      let latency = Double(group.longest / 1_000 - offset)
      if latency < 0 { ahead += group.count }
      buckets[Int(group.stretch)].append((max(0, latency), group.count))
    }
    func percentiles(_ buckets: [(upperBound: Double, count: Int64)]) -> Percentiles? {
      Percentiles(buckets, maximum: buckets.map(\.upperBound).max() ?? 0)
    }
    guard let whole = percentiles(buckets.flatMap { $0 }) else { throw Unobservable.noRows }
    return ArrivalLatency(from: from, length: length, columns: buckets.map(percentiles), whole: whole, ahead: ahead)
  }

  /// Wall clock minus simulated time, where both ran at the same pace.
  private static func clockOffset(_ ledger: LedgerReader) throws -> Milliseconds {
    let start = try ledger.number("start") ?? 0
    let wallStart = try ledger.number("wall_start") ?? start
    if let wallEnd = try ledger.number("wall_end"), let end = try ledger.number("durable_until") {
      let (wall, simulated) = (wallEnd - wallStart, end - start)
      guard abs(wall - simulated) < 2_000 + simulated / 50 else { throw Unobservable.notRealTime }
    }
    return try ledger.number("clock_offset") ?? wallStart - start
  }
}
