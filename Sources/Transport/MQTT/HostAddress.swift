import CCurl
import Glibc

/// Resolves a host name once; `getaddrinfo` blocks and has no place in the loop.
enum HostAddress {
  /// Whether a text is an IPv4 or IPv6 address.
  static func isLiteral(_ text: String) -> Bool {
    var storage = in6_addr()
    return inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1
  }

  /// The first IPv4 address of a host, or else its first IPv6 address, as a literal; nil when the name is unknown.
  static func resolve(_ host: String) -> String? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return nil }
    defer { freeaddrinfo(list) }
    var fallback: String?
    var entry = list
    while let current = entry {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      if getnameinfo(
        current.pointee.ai_addr, current.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
      {
        let literal = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if current.pointee.ai_family == AF_INET { return literal }
        fallback = fallback ?? literal
      }
      entry = current.pointee.ai_next
    }
    return fallback
  }
}
