import FleetSpec
import Foundation

/// The files of one run.
public struct RunFolder: Sendable {
  public let path: String
  public init(path: String) { self.path = path }

  public var fleetFile: String { path + "/fleet.yaml" }
  public var ledgerFile: String { path + "/ledger.sqlite" }
  public var logFile: String { path + "/log.ndjson" }
  public var verdictsFile: String { path + "/verdicts.json" }
  /// One line for each reading or row whose verdict is not plainly "stored".
  public var exceptionsFile: String { path + "/exceptions.ndjson" }
  /// One line for each pass of a run that is judged while it goes on.
  public var liveFile: String { path + "/live.ndjson" }
  public var junitFile: String { path + "/junit.xml" }
  /// The folder's own name, which identifies the run.
  public var runID: String { (path as NSString).lastPathComponent }

  /// `runs/<fleet>-<UTC start>-<seed>`.
  public static func defaultPath(fleet: String, start: Milliseconds, seed: UInt64) -> String {
    "runs/\(fleet)-\(UTC.compact(start))-\(seed)"
  }

  /// Makes the folder, which must not hold a run yet.
  public func create() throws {
    if FileManager.default.fileExists(atPath: ledgerFile) {
      throw RunError.usage("\(path) holds a run already; choose another folder with --out")
    }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}

/// Instants as people and files write them.
public enum UTC {
  private static func fields(_ time: Milliseconds) -> tm {
    var seconds = time_t(time >= 0 ? time / 1_000 : (time - 999) / 1_000)
    var fields = tm()
    gmtime_r(&seconds, &fields)
    return fields
  }

  /// `20261124T101500Z`.
  public static func compact(_ time: Milliseconds) -> String {
    let t = fields(time)
    return String(
      format: "%04d%02d%02dT%02d%02d%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec)
  }

  /// `2026-11-24T10:15:00.250Z`.
  public static func iso(_ time: Milliseconds) -> String {
    let t = fields(time)
    let milliseconds = Int(((time % 1_000) + 1_000) % 1_000)
    return String(
      format: "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
      milliseconds)
  }
}

/// Why a run could not be started or ended early.
public enum RunError: Error, CustomStringConvertible {
  /// Wrong usage: nothing was started.
  case usage(String)
  /// A component could not be reached, or was lost for good.
  case unreachable(String)
  public var description: String {
    switch self {
    case .usage(let text), .unreachable(let text): text
    }
  }
}
