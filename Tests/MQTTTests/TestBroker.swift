import Certificates
import Foundation
import Glibc

/// A real mosquitto of its own, in a folder of its own.
final class TestBroker {
  let folder: String
  let port: Int
  private let settings: String
  private var process: Process?

  /// - Parameters:
  ///   - settings: lines of mosquitto.conf beside the listener; `FOLDER` stands for the folder.
  ///   - prepare: puts files into the folder before the start.
  init(_ settings: String = "allow_anonymous true", port: Int = TestBroker.freePort(), prepare: (String) throws -> Void = { _ in }) throws {
    folder = NSTemporaryDirectory() + "hl-mqtt-\(UUID().uuidString)"
    self.port = port
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try prepare(folder)
    self.settings = settings.replacing("FOLDER", with: folder)
    try start()
  }

  /// One with TLS; `ca.crt` and the rest lie in `FOLDER/tls`.
  static func secure(
    _ settings: String = "require_certificate false\nallow_anonymous true", serverNames: [String] = ["localhost", "127.0.0.1"],
    devices: [String] = [], faults: CertificateFolder.Faults = .init()
  ) throws -> TestBroker {
    let files = "cafile FOLDER/tls/ca.crt\ncertfile FOLDER/tls/server.crt\nkeyfile FOLDER/tls/server.key\n"
    return try TestBroker(files + settings) { folder in
      _ = try CertificateFolder.make(at: "\(folder)/tls", serverNames: serverNames, deviceIDs: devices, faults: faults)
    }
  }

  func start() throws {
    let account = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "root"
    let text = "listener \(port) 127.0.0.1\n\(settings)\nlog_dest file \(folder)/log\nconnection_messages true\nuser \(account)\n"
    try text.write(toFile: "\(folder)/mosquitto.conf", atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/sbin/mosquitto")
    process.arguments = ["-c", "\(folder)/mosquitto.conf"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
    let deadline = Date().addingTimeInterval(20)
    while !Self.accepts(port) {
      guard process.isRunning, Date() < deadline else { throw Trouble("mosquitto does not listen: \(log)") }
      usleep(10_000)
    }
  }

  /// As a crash does it.
  func kill() {
    guard let process else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  var log: String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    return address
  }

  private static func accepts(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = address(port)
    return withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { connect(descriptor, $0.baseAddress, socklen_t(bytes.count)) == 0 }
    }
  }

  static func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = address(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { pointer in
        bind(descriptor, pointer.baseAddress, size)
        getsockname(descriptor, pointer.baseAddress, &size)
      }
      return Int(in_port_t(bigEndian: bytes.load(fromByteOffset: 2, as: in_port_t.self)))
    }
  }
}

/// A program that reads or writes beside the fleet: mosquitto_sub, mosquitto_pub.
enum Client {
  /// Subscribes in the background; the lines are there when `count` messages have come.
  static func subscribe(_ broker: TestBroker, _ topic: String, format: String = "%t %p", count: Int, more: [String] = []) throws -> Process
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_sub")
    process.arguments =
      ["-h", "127.0.0.1", "-p", "\(broker.port)", "-t", topic, "-F", format, "-C", "\(count)", "-W", "20"] + more
    process.standardOutput = Pipe()
    let before = broker.log.components(separatedBy: "New client connected").count
    try process.run()
    let deadline = Date().addingTimeInterval(10)
    while broker.log.components(separatedBy: "New client connected").count == before && Date() < deadline { usleep(10_000) }
    // It subscribes in the same breath; a message that it misses makes the test fail, never pass.
    usleep(100_000)
    return process
  }

  static func lines(of process: Process) -> [String] {
    let data = (process.standardOutput as? Pipe)?.fileHandleForReading.readDataToEndOfFile() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  static func publish(_ broker: TestBroker, _ topic: String, _ payload: String, more: [String] = []) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_pub")
    process.arguments = ["-h", "127.0.0.1", "-p", "\(broker.port)", "-t", topic, "-m", payload, "-q", "1"] + more
    try process.run()
    process.waitUntilExit()
  }
}
