import Foundation

/// Ports for servers on loopback.
enum FreePort {
  /// A port on which nothing listens, below the range that the kernel gives to outgoing connections.
  ///
  /// A port of that range could be taken while the server is down, and a client that tries to connect to it from the very same port
  /// would even connect to itself.
  /// The search begins at a random port, so that labs that start at the same moment hardly ever choose the same.
  static func find(avoiding taken: [Int] = []) throws -> Int {
    let range = Files.text("/proc/sys/net/ipv4/ip_local_port_range")?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    let end = range?.first.map { $0 > 12_000 ? $0 : 65_536 } ?? 32_768
    let begin = 10_000
    let random = try Secrets.random(4).reduce(0) { $0 << 8 | Int($1) }
    for offset in 0..<(end - begin) {
      let port = begin + (random + offset) % (end - begin)
      if !taken.contains(port), isFree(port) { return port }
    }
    throw LabError("no free port between \(begin) and \(end) on 127.0.0.1")
  }

  static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    return bound == 0 && listen(descriptor, 1) == 0
  }
}
