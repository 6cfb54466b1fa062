import Foundation
import Glibc

/// A server that ends with this process, even when the process is killed: a shell watches a pipe and stops the server when it closes.
public final class ChildServer: @unchecked Sendable {
  private let supervisor = Process()
  private let lifeline = Pipe()
  private let processFile: URL

  /// - Parameters:
  ///   - arguments: the server and its arguments; it must not detach itself.
  ///   - folder: removed when the server has ended.
  ///   - stopSignal: what makes it stop at once.
  public init(_ arguments: [String], folder: URL, log: URL, stopSignal: String = "QUIT") throws {
    processFile = folder.appendingPathComponent("server.pid")
    let script = """
      folder=$1; log=$2; shift 2
      "$@" > "$log" 2>&1 < /dev/null &
      server=$!
      echo $server > "$folder/server.pid.part" && mv "$folder/server.pid.part" "$folder/server.pid"
      cat > /dev/null
      kill -CONT $server; kill -\(stopSignal) $server
      wait $server
      rm -rf "$folder"
      """
    supervisor.executableURL = URL(fileURLWithPath: "/bin/sh")
    supervisor.arguments = ["-c", script, "sh", folder.path, log.path] + arguments
    supervisor.standardInput = lifeline
    try supervisor.run()
    try lifeline.fileHandleForReading.close()
  }

  /// The server's process number, once it has started.
  public var processIdentifier: pid_t? {
    (try? String(contentsOf: processFile, encoding: .utf8)).flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  public var isRunning: Bool { supervisor.isRunning && processIdentifier.map { kill($0, 0) == 0 } ?? false }

  public func signal(_ number: Int32) {
    if let processIdentifier { kill(processIdentifier, number) }
  }

  /// Stops the server and waits until its folder is gone.
  public func stop() {
    try? lifeline.fileHandleForWriting.close()
    supervisor.waitUntilExit()
  }
}

/// A port of the loopback interface that nobody uses at this moment.
public func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0 }
  }
  guard bound else { throw FixtureError("no free port on 127.0.0.1: errno \(errno)") }
  return Int(UInt16(bigEndian: address.sin_port))
}

/// Why a test's surroundings could not be set up.
public struct FixtureError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
