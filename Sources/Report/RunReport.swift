import Diagnosis
import FleetSpec
import Foundation
import Ledger
import Reconciliation
import Simulation

/// Everything that a report says of a run, whatever its format.
public struct RunReport: Sendable {
  public let folder: String
  public let runID: String
  public let fleet: Fleet
  /// The resolved fleet file, without anything that could be a secret.
  public let fleetText: String
  /// Of the heliograph that played the run.
  public let version: String
  public let seed: UInt64
  /// `finished`, `interrupted`, `failed` or `killed`.
  public let state: String
  public let wallStart: Milliseconds
  public let wallEnd: Milliseconds
  public let published: Int64
  public let publishedBytes: Int64
  /// Nil when the run was never reconciled.
  public let result: ReconciliationResult?
  /// What the pipeline did; nil when the run was never reconciled, or not diagnosed.
  public let diagnosis: Diagnosis?
  /// Nil when the run was never reconciled, or by an older heliograph.
  public let statistics: RunStatistics?
  /// Of all shards together, where the fleet was played in several.
  public let figures: RunFigures
  /// In how many parts the fleet was played.
  public let shards: Int

  /// Reads a run folder; needs no store.
  /// - Throws: `LedgerError` when the ledger cannot be read, `RunError.usage` when a file of the folder is damaged.
  public init(folder: RunFolder, fleet: Fleet, ledger: RunLedger) throws {
    let first = ledger.shards[0]
    shards = ledger.shards.count
    self.folder = folder.path
    self.fleet = fleet
    fleetText = Redaction.fleetFile((try? String(contentsOfFile: folder.fleetFile, encoding: .utf8)) ?? "")
    let facts = try RunFacts(ledger)
    runID = facts.runID.isEmpty ? folder.runID : facts.runID
    version = try first.fact("version") ?? "not recorded"
    seed = fleet.seed
    state = facts.state
    wallStart = facts.wallStart
    wallEnd = facts.wallEnd
    published = facts.published
    var bytes: Int64 = 0
    for shard in ledger.shards { bytes += try Self.publishedBytes(shard) }
    publishedBytes = bytes
    result = try Self.read(ReconciliationResult.self, folder.verdictsFile)
    diagnosis = try Self.read(Diagnosed.self, folder.verdictsFile)?.diagnosis
    statistics = try Self.read(RunStatistics.self, folder.statisticsFile)
    figures = try RunFigures(ledger.shards, grid: FigureGrid(ledger.shards, fleet: fleet))
  }

  /// Of a killed run, as far as its last look tells.
  private static func publishedBytes(_ ledger: LedgerReader) throws -> Int64 {
    if let known = try ledger.number("published_bytes") { return known }
    return try ledger.lastMetric("published_bytes") ?? 0
  }

  /// The part of `verdicts.json` that tells the diagnosis.
  private struct Diagnosed: Decodable {
    var diagnosis: Diagnosis?
  }

  private static func read<Document: Decodable>(_ type: Document.Type, _ path: String) throws -> Document? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw RunError.usage("\(path) is damaged or of another version: \(error); write it anew with 'heliograph reconcile'")
    }
  }

  /// The verdict on the run as a whole.
  public enum Outcome: String, Sendable {
    case passed, failed
    case noVerdict = "no_verdict"
  }

  public var outcome: Outcome {
    guard let result else { return .noVerdict }
    if result.passed { return .passed }
    return result.thresholds.contains { !$0.met } || result.findings.contains { $0.subject == "digest" } ? .failed : .noVerdict
  }

  /// Devices that measure, second links left out.
  var devices: Int { fleet.deviceCount }

  /// How long the run took, simulated.
  var duration: Milliseconds { figures.grid.measuredUntil - figures.grid.start }
}

/// Takes out of texts what could be a secret.
enum Redaction {
  /// Passwords stand in a fleet file as references only; a URL could still hold one.
  static func fleetFile(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\n")
  }

  private static func line(_ line: String) -> String {
    guard let scheme = line.range(of: "://") else { return line }
    let rest = line[scheme.upperBound...]
    let authority = rest.prefix { !"/?#\"' ,}]".contains($0) }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return line }
    return line[..<scheme.upperBound] + authority[...colon] + "***" + line[at...]
  }
}
