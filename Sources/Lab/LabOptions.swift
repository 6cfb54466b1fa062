import Foundation

/// The parts of a lab.
public enum LabComponent: String, Sendable, CaseIterable, Codable {
  /// mosquitto, or noida-db in a lab that speaks Kafka.
  case broker
  /// PostgreSQL; missing in a lab that writes to a store outside.
  case store
  /// The reference pipeline.
  case pipeline
  /// nginx, which takes readings over HTTPS; missing in a lab that was not asked for it.
  case front
}

/// A QuestDB that runs already.
public struct OutsideStore: Sendable, Equatable {
  /// `postgresql://user[:password]@host:port/database`, QuestDB's PostgreSQL port (8812 by default).
  public var url: String
  /// The base address of its HTTP server; nil for port 9000 of the same host.
  public var httpURL: String?
  /// Nil for the one in `url`, or else QuestDB's default, `quest`.
  public var password: String?

  public init(url: String, httpURL: String? = nil, password: String? = nil) {
    self.url = url
    self.httpURL = httpURL
    self.password = password
  }

  func resolve() throws -> (store: LabState.Store, password: String) {
    let example = "expected for example postgresql://admin@127.0.0.1:8812/qdb"
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
      throw LabError("the store's address '\(url)' cannot be read: \(example)")
    }
    guard ["postgresql", "postgres", "questdb"].contains(parts.scheme ?? "") else {
      throw LabError("the store's address begins with '\(parts.scheme ?? "")': \(example)")
    }
    let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    let database = parts.path.split(separator: "/").first.map(String.init) ?? "qdb"
    let store = LabState.Store(
      kind: .questdb, host: bare, port: parts.port ?? 8812, user: parts.user ?? "admin", database: database, socketFolder: nil,
      httpAddress: httpURL ?? "http://\(bare.contains(":") ? "[\(bare)]" : bare):9000")
    return (store, password ?? parts.password ?? "quest")
  }
}

/// How a lab is started.
public struct LabOptions: Sendable, Equatable {
  /// Defects of the pipeline, `name[:key=value[,key=value]]`; see `Defects.help`.
  public var defects: [String]
  /// Decides which readings a rate of a defect selects.
  public var seed: UInt64
  /// Whether the broker demands a certificate of every client besides the password.
  public var clientCertificates: Bool
  /// Whether the broker is a Kafka broker, noida-db, and not mosquitto.
  public var kafka = false
  /// Devices that get a certificate at once, when `clientCertificates` is set.
  public var deviceIDs: [String]
  /// A QuestDB to write to, or nil for a private PostgreSQL.
  public var outsideStore: OutsideStore?
  /// How long the pipeline remembers a reading's key, in milliseconds; nil for ever. This is what the pipeline promises, not a defect.
  public var deduplicationWindow: Int64?
  /// Whether the lab takes readings over HTTPS too.
  public var http: Bool
  /// The program and arguments that call `runPipeline`; `--folder DIR` is appended. Nil for `<this executable> lab pipeline`.
  public var pipelineCommand: [String]?

  public init(
    defects: [String] = [], seed: UInt64 = 1, clientCertificates: Bool = false, deviceIDs: [String] = [],
    outsideStore: OutsideStore? = nil, deduplicationWindow: Int64? = nil, pipelineCommand: [String]? = nil, http: Bool = false
  ) {
    self.http = http
    self.defects = defects
    self.seed = seed
    self.clientCertificates = clientCertificates
    self.deviceIDs = deviceIDs
    self.outsideStore = outsideStore
    self.deduplicationWindow = deduplicationWindow
    self.pipelineCommand = pipelineCommand
  }
}
