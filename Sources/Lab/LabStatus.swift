import Foundation

/// What `Lab.status()` tells; `json()` is its machine-readable form.
public struct LabStatus: Codable, Sendable, Equatable {
  /// One part of the lab.
  public struct Part: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
      /// Its process runs.
      case running
      /// It was stopped, or never started.
      case stopped
      /// It was started and ended without being told to.
      case ended
      /// A store that the lab does not own.
      case outside
    }
    public var component: LabComponent
    public var state: State
    public var pid: Int32?
    /// The loopback port it serves; nil for the pipeline.
    public var port: Int?
    public var log: String?
  }

  public var schema = 1
  /// The lab's folder, absolute.
  public var folder: String
  public var parts: [Part]
  public var defects: [String]
  /// What the pipeline last wrote about itself.
  public var pipeline: PipelineStatus?

  /// True when every part that belongs to the lab runs.
  public var isUp: Bool { !parts.isEmpty && parts.allSatisfy { $0.state == .running || $0.state == .outside } }
  /// True when no process of the lab runs.
  public var isDown: Bool { parts.allSatisfy { $0.state != .running } }

  public func part(_ component: LabComponent) -> Part? { parts.first { $0.component == component } }

  /// Sorted keys, snake case.
  public func json() throws -> String { try encodeJSON(self) }
}

/// `pipeline-status.json`, written about once a second and at the end. Counts are of this process of the pipeline.
public struct PipelineStatus: Codable, Sendable, Equatable {
  public var schema = 1
  public var pid: Int32 = 0
  /// Milliseconds since 1970.
  public var startedAt: Int64 = 0
  /// Milliseconds since 1970.
  public var updatedAt: Int64 = 0
  /// False after an orderly end.
  public var running = true
  /// Whether the broker confirmed the subscription of the present connection.
  public var subscribed = false
  /// When it last was confirmed, milliseconds since 1970; 0 for never.
  public var subscribedAt: Int64 = 0
  /// Messages that arrived.
  public var received: UInt64 = 0
  /// Malformed messages; each has a line in rejected.ndjson.
  public var rejected: UInt64 = 0
  /// Messages that were a repeat of an earlier reading and made no row.
  public var duplicatesRemoved: UInt64 = 0
  /// Rows in the store.
  public var stored: UInt64 = 0
  /// Lines written to injected.ndjson.
  public var harmed: UInt64 = 0
  /// Rows not in the store yet.
  public var waiting: UInt64 = 0
  public var storeConnected = false
  /// What the store or the broker last complained about.
  public var lastError: String?

  /// Reads a lab's file; nil when it is missing.
  public static func load(folder: String) -> PipelineStatus? {
    guard let data = FileManager.default.contents(atPath: LabFolder(folder).pipelineStatus) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(PipelineStatus.self, from: data)
  }

  func save(_ folder: LabFolder) throws { try Files.replace(folder.pipelineStatus, mode: 0o644, with: encodeJSON(self) + "\n") }
}
