import Diagnosis
import FleetSpec
import Foundation
import Ledger
import Reconciliation

/// A run as one JSON document, schema `heliograph.report/1`; see docs/report.md.
public struct JSONReport {
  private let report: RunReport
  private let comparison: Comparison?

  public init(_ report: RunReport, comparison: Comparison? = nil) {
    self.report = report
    self.comparison = comparison
  }

  private struct Latencies: Encodable {
    var publishToAcknowledgement: Percentiles?
    var measurementToAcknowledgement: Percentiles?
    var measurementToStore: Percentiles?
  }

  private struct Series: Encodable {
    var startMs: Milliseconds
    var columnMs: Milliseconds
    var measuredPerSecond: RunFigures.Series?
    var sentPerSecond: RunFigures.Series?
    var acknowledgedPerSecond: RunFigures.Series?
    var connectionsOpen: RunFigures.Series?
    var buffered: RunFigures.Series?
    var processors: RunFigures.Series?
    var residentMebibytes: RunFigures.Series?
    var timerLagP99Ms: RunFigures.Series?
  }

  private struct Document: Encodable {
    var schema = "heliograph.report/1"
    var outcome: String
    var runID: String
    var folder: String
    var fleet: String
    var seed: UInt64
    var state: String
    var durationMs: Milliseconds
    var devices: Int
    var messagesPublished: Int64
    var verdicts: ReconciliationResult?
    var diagnosis: Diagnosis?
    var statistics: RunStatistics?
    var latencies: Latencies
    var overTime: Series
    var comparison: Comparison?

    enum CodingKeys: String, CodingKey {
      case schema, outcome, folder, fleet, seed, state, devices, verdicts, diagnosis, statistics, latencies, comparison
      case runID = "run_id"
      case durationMs = "duration_ms"
      case messagesPublished = "messages_published"
      case overTime = "over_time"
    }
  }

  /// Ended by a line feed; keys are sorted, so that equal reports are equal files.
  public func text() throws -> String {
    let figures = report.figures
    let document = Document(
      outcome: report.outcome.rawValue, runID: report.runID, folder: report.folder, fleet: report.fleet.name, seed: report.seed,
      state: report.state, durationMs: report.duration, devices: report.devices, messagesPublished: report.published,
      verdicts: report.result, diagnosis: report.diagnosis, statistics: report.statistics,
      latencies: Latencies(
        publishToAcknowledgement: figures.sentToAcknowledged?.whole, measurementToAcknowledgement: figures.measuredToAcknowledged?.whole,
        measurementToStore: report.statistics?.arrivals?.whole),
      overTime: Series(
        startMs: figures.grid.start, columnMs: figures.grid.length, measuredPerSecond: figures.planned,
        sentPerSecond: figures.sent ?? figures.published, acknowledgedPerSecond: figures.acknowledged, connectionsOpen: figures.connected,
        buffered: figures.buffered, processors: figures.processor, residentMebibytes: figures.resident, timerLagP99Ms: figures.lag99),
      comparison: comparison)
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}
