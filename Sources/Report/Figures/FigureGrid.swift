import FleetSpec
import Ledger
import Simulation

/// The columns in which a report shows a run: as many as can be told apart in a small diagram.
public struct FigureGrid: Sendable, Equatable {
  public let start: Milliseconds
  /// When the last thing happened that the ledger tells.
  public let end: Milliseconds
  /// Until when devices measured.
  public let measuredUntil: Milliseconds
  /// Of a column: a multiple of the ledger's interval.
  public let length: Milliseconds
  public let columns: Int

  private static let most: Milliseconds = 150

  /// - Parameter ledgers: one, or those of all shards of a fleet.
  public init(_ ledgers: [LedgerReader], fleet: Fleet) throws {
    let begin = try ledgers.map { try $0.number("start") ?? fleet.start ?? 0 }.min() ?? 0
    var last = begin + 1
    var measured = begin
    var interval = RunIntervals(start: begin, duration: fleet.duration, drain: fleet.drain).length
    for (index, ledger) in ledgers.enumerated() {
      let planned = try ledger.number("planned_end") ?? begin + fleet.duration
      let durable = try ledger.number("durable_until") ?? planned
      last = max(last, durable)
      measured = max(measured, try ledger.number("measured_until") ?? min(planned, max(begin + 1, durable)))
      let own = max(1, try ledger.number("interval") ?? interval)
      interval = index == 0 ? own : max(interval, own)
    }
    start = begin
    end = last
    measuredUntil = measured
    let intervals = (end - start + interval - 1) / interval
    // Whole minutes, quarters and hours, as long as the run is not very long.
    let factor = [1, 2, 5, 10, 15, 30, 60, 120].first { intervals <= $0 * Self.most } ?? (intervals + Self.most - 1) / Self.most
    length = interval * factor
    columns = Int((end - start + length - 1) / length)
  }

  public func begin(of column: Int) -> Milliseconds { start + Milliseconds(column) * length }

  /// The column of an instant, or nil outside.
  func column(of time: Milliseconds) -> Int? {
    guard time >= start else { return nil }
    let column = Int((time - start) / length)
    return column < columns ? column : nil
  }

  /// Seconds of a column that lie before an instant; nil where they are too few to speak of a rate.
  func seconds(of column: Int, until limit: Milliseconds) -> Double? {
    let covered = min(begin(of: column) + length, limit) - begin(of: column)
    return covered * 4 >= length ? Double(covered) / 1_000 : nil
  }
}
