import Foundation
import Testing

@testable import Transport

/// A private nginx on loopback, which answers as its configuration says and writes down what it was asked.
final class Nginx {
  struct Request: Decodable {
    var status: String
    var key: String
    var body: String
    var version: String
    var connection: String
    var encoding: String
    var device: String
    var agent: String
    enum CodingKeys: String, CodingKey {
      case status, key, body, connection, encoding, device, agent
      case version = "protocol"
    }
    /// The numbers of the test's readings in the body.
    var numbers: [Int] { body.matches(of: /"n":(\d+)/).compactMap { Int($0.output.1) } }
  }

  let folder: String
  let port: Int
  private(set) var process: Process?
  private let configuration: String

  /// - Parameters:
  ///   - location: directives for the path of readings; `accept` answers 204 behind a proxy, which is what lets nginx log the body.
  ///   - server: directives of the server, for example for TLS; `FOLDER` stands for the server's folder.
  ///   - listen: parameters of the port.
  init(location: String = "", server: String = "", listen: String = "", http: String = "") throws {
    folder = NSTemporaryDirectory() + "hl-nginx-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    port = try Self.freePort()
    let inner = "\(folder)/inner"
    let text = """
      worker_processes 1;
      pid \(folder)/pid;
      error_log \(folder)/error.log;
      daemon off;
      master_process off;
      events { worker_connections 1024; }
      http {
        client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/f; uwsgi_temp_path \(folder)/u;
        scgi_temp_path \(folder)/s;
        client_body_buffer_size 2m; client_max_body_size 8m;
        log_format all escape=json '{"status":"$status","key":"$http_idempotency_key","body":"$request_body","protocol":"$server_protocol",'
          '"connection":"$connection","encoding":"$http_content_encoding","device":"$ssl_client_s_dn","agent":"$http_x_test"}';
        \(http)
        server { listen unix:\(inner); access_log off; location / { return 204; } }
        server {
          listen 127.0.0.1:\(port) \(listen);
          \(server)
          access_log \(folder)/access.log all;
          location /api/v1/telemetry { \(location)
            proxy_pass http://unix:\(inner):/; }
        }
      }
      """
    configuration = text.replacingOccurrences(of: "FOLDER", with: folder)
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func file(_ name: String) -> String { "\(folder)/\(name)" }
  func touch(_ name: String) { _ = FileManager.default.createFile(atPath: file(name), contents: nil) }
  func remove(_ name: String) { try? FileManager.default.removeItem(atPath: file(name)) }

  func start() throws {
    unlink("\(folder)/inner")
    try configuration.write(toFile: file("nginx.conf"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/sbin/nginx")
    process.arguments = ["-p", folder, "-e", file("error.log"), "-c", file("nginx.conf")]
    process.standardError = FileHandle(forWritingAtPath: "/dev/null")
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
    try process.run()
    self.process = process
    let deadline = ContinuousClock.now + .seconds(20)
    while !Self.accepts(port) {
      guard ContinuousClock.now < deadline, process.isRunning else {
        throw NginxFailure(log: (try? String(contentsOfFile: file("error.log"), encoding: .utf8)) ?? "")
      }
      usleep(5_000)
    }
  }

  /// Ends it as a power cut would.
  func stop() {
    guard let process, process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  /// What it was asked so far, oldest first.
  ///
  /// - Parameter count: so many are known to have been answered; nginx writes a request down after it has answered.
  func requests(_ count: Int64 = 1, until isComplete: ([Request]) -> Bool = { _ in true }) throws -> [Request] {
    let deadline = ContinuousClock.now + .seconds(10)
    while true {
      let text = (try? String(contentsOfFile: file("access.log"), encoding: .utf8)) ?? ""
      let whole = text.prefix(text.lastIndex(of: "\n").map { text.distance(from: text.startIndex, to: $0) } ?? 0)
      let requests = try whole.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
      // What a device broke off is written down as well.
      let answered = requests.count { $0.status != "499" }
      if answered >= count && isComplete(requests) || ContinuousClock.now > deadline { return requests }
      usleep(5_000)
    }
  }

  static func freePort() throws -> Int {
    let descriptor = listener(port: 0)
    defer { close(descriptor) }
    return Self.port(of: descriptor)
  }

  /// A socket that listens and is never looked at: connections come about, and nothing is answered.
  static func listener(port: Int) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = address(port)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    listen(descriptor, 64)
    return descriptor
  }

  static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }

  private static func accepts(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = address(port)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    } == 0
  }
}

struct NginxFailure: Error { var log: String }
