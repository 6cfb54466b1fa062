import Foundation

/// `lab.json`: what was started and how, so that parts can be started again on the same ports.
struct LabState: Codable, Sendable, Equatable {
  struct Broker: Codable, Sendable, Equatable {
    var port: Int
    var clientCertificates: Bool
    /// Whether it is a Kafka broker; nil in the files of labs that knew no other than mosquitto.
    var kafka: Bool?

    var speaksKafka: Bool { kafka == true }
  }

  struct Store: Codable, Sendable, Equatable {
    enum Kind: String, Codable, Sendable { case postgresql, questdb }
    var kind: Kind
    var host: String
    var port: Int
    var user: String
    var database: String
    /// The folder of the Unix socket; nil for a store outside.
    var socketFolder: String?
    /// The base URL of QuestDB's HTTP server.
    var httpAddress: String?
    var table = "sensor_readings"
    var url: String { "postgresql://\(user)@\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)" }
  }

  /// The HTTP front.
  struct Front: Codable, Sendable, Equatable {
    var port: Int
    /// Where the pipeline listens for it.
    var socketFolder: String
    var socket: String { "\(socketFolder)/pipeline" }
  }

  struct Pipeline: Codable, Sendable, Equatable {
    var command: [String]
    var defects: [String]
    var seed: UInt64
    /// Milliseconds; nil for ever.
    var deduplicationWindow: Int64?
  }

  var schema = 1
  var broker: Broker
  var store: Store
  var pipeline: Pipeline
  /// Nil in a lab without one.
  var front: Front?

  static func load(_ folder: LabFolder) throws -> LabState? {
    guard let data = FileManager.default.contents(atPath: folder.state) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(LabState.self, from: data)
    } catch {
      throw LabError("\(folder.state) is damaged (\(error)): remove the folder \(folder.path) when none of its processes run")
    }
  }

  func save(_ folder: LabFolder) throws {
    try Files.replace(folder.state, mode: 0o600, with: encodeJSON(self) + "\n")
  }
}

func encodeJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
