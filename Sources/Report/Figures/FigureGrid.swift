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

  public init(_ ledger: LedgerReader, fleet: Fleet) throws {
    start = try ledger.number("start") ?? fleet.start ?? 0
    let planned = try ledger.number("planned_end") ?? start + fleet.duration
    let durable = try ledger.number("durable_until") ?? planned
    end = max(start + 1, durable)
    measuredUntil = try ledger.number("measured_until") ?? min(planned, end)
    let usual = RunIntervals(start: start, duration: fleet.duration, drain: fleet.drain).length
    let interval = max(1, try ledger.number("interval") ?? usual)
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
