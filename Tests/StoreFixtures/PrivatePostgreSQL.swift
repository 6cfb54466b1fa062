import CPQ
import Foundation
import Glibc

/// A PostgreSQL of our own in a temporary folder, on a free port of 127.0.0.1 and on a Unix socket; gone when the tests end.
public final class PrivatePostgreSQL: Sendable {
  public static let password = "s3cret:w@rd/of the%lab"
  public let port: Int
  public let folder: URL
  public let server: ChildServer

  /// The one that tests share; started when first used.
  public static let shared: Result<PrivatePostgreSQL, any Error> = Result { try PrivatePostgreSQL() }

  /// Without a password in it.
  public var url: String { "postgresql://postgres@127.0.0.1:\(port)/postgres" }
  public var socketURL: String { "postgresql://postgres@/postgres?host=\(folder.path)&port=\(port)" }

  public init() throws {
    port = try freePort()
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("heliograph-postgresql-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let programs = try Self.programs()
    let data = folder.appendingPathComponent("data").path
    let passwordFile = folder.appendingPathComponent("password")
    try Self.password.write(to: passwordFile, atomically: true, encoding: .utf8)
    if getuid() == 0 { try Self.run(["/bin/chown", "-R", "postgres", folder.path]) }
    try Self.run(
      Self.asPostgres + [
        "\(programs)/initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "-A", "scram-sha-256",
        "--pwfile=\(passwordFile.path)",
      ])
    let settings = [
      "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(folder.path)", "fsync=off", "full_page_writes=off",
      "synchronous_commit=off", "shared_buffers=128MB", "max_wal_size=2GB",
    ]
    server = try ChildServer(
      Self.asPostgres + ["\(programs)/postgres", "-D", data] + settings.flatMap { ["-c", $0] },
      folder: folder, log: folder.appendingPathComponent("log"))
    try waitUntilReady()
  }

  private func waitUntilReady() throws {
    let end = ContinuousClock.now + .seconds(30)
    while PQping("host=127.0.0.1 port=\(port) connect_timeout=2") != PQPING_OK {
      guard ContinuousClock.now < end else {
        let log = (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? ""
        server.stop()
        throw FixtureError("PostgreSQL did not come up in 30 s: \(log)")
      }
      usleep(20_000)
    }
  }

  /// `setpriv` replaces itself with the program, unlike `runuser`, so that signals reach the server. PostgreSQL refuses to run as root.
  private static var asPostgres: [String] {
    getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : []
  }

  private static func programs() throws -> String {
    let root = "/usr/lib/postgresql"
    let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }.sorted()
    guard let newest = versions.last else { throw FixtureError("no PostgreSQL under \(root); fix: apt-get install postgresql") }
    return "\(root)/\(newest)/bin"
  }

  private static func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw FixtureError("\(arguments.joined(separator: " ")) failed: \(text)") }
  }
}
