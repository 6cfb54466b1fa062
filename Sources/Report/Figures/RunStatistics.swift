import Foundation
import Reconciliation

/// What `statistics.json` holds: figures that only a reconciliation can count. Described in docs/report.md.
public struct RunStatistics: Codable, Sendable, Equatable {
  public static let schemaName = "heliograph.statistics/1"
  public var schema = RunStatistics.schemaName
  /// Nil where it does not add up to the verdicts.
  public var breakdown: VerdictBreakdown?
  public var arrivals: ArrivalLatency?
  /// Why there are no arrivals.
  public var arrivalsUnobservable: String?

  public init(breakdown: VerdictBreakdown?, arrivals: ArrivalLatency?, arrivalsUnobservable: String?) {
    self.breakdown = breakdown
    self.arrivals = arrivals
    self.arrivalsUnobservable = arrivalsUnobservable
  }

  enum CodingKeys: String, CodingKey {
    case schema, breakdown, arrivals
    case arrivalsUnobservable = "arrivals_unobservable"
  }

  /// One line; keys are sorted, so that equal figures are equal files.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}
