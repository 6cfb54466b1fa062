import Foundation
import Glibc
import Testing

/// noida-db, a small broker that speaks Kafka and keeps its data in memory and, every now and then, in a file.
///
/// `scripts/test` installs it and names it in HELIOGRAPH_NOIDA_DB. Without it the tests that need it are skipped, and say so.
final class BrokerProcess {
  static let isAvailable: Bool = {
    if program != nil { return true }
    print("SKIPPED: the tests with a real Kafka broker; scripts/test runs them, or set HELIOGRAPH_NOIDA_DB to what scripts/noida-db prints")
    return false
  }()

  private static let program = ProcessInfo.processInfo.environment["HELIOGRAPH_NOIDA_DB"]

  let port: Int
  var address: String { "127.0.0.1:\(port)" }
  private let folder: String
  private var process = Process()

  init() throws {
    port = try BrokerProcess.freePort()
    folder = NSTemporaryDirectory() + "hl-noida-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func start() throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.program))
    process.arguments = ["start", "--only", "kafka", "--kafka-port", String(port), "--host", "127.0.0.1", "--data-dir", folder]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Whether a topic stands in the broker's file.
  func hasSaved(_ topic: String) -> Bool {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.contains { (try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8))?.contains(topic) == true }
  }

  /// kill -9.
  func kill() {
    guard process.isRunning else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard bound else { throw BenchError(description: "no free port on 127.0.0.1") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
