import Glibc

/// One IP address, or all that share a prefix: `127.0.0.2`, `::1`, `127.0.1.0/24`.
public struct AddressRange: Sendable, Equatable {
  private let single: String?
  private let first: UInt32
  /// How many addresses; at least 1.
  public let count: Int

  static let expectation = "an IP address such as 127.0.0.2, or an IPv4 range such as 127.0.1.0/24"

  /// Network and broadcast address of a range are left out, as no host may have them.
  public init(_ text: String) throws(FormatError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    var storage = in6_addr()
    if parts.count == 1, inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1 {
      (single, first, count) = (text, 0, 1)
      return
    }
    var address = in_addr()
    guard parts.count == 2, inet_pton(AF_INET, String(parts[0]), &address) == 1, let prefix = Int(parts[1]) else {
      throw FormatError("no address", expected: Self.expectation)
    }
    guard (8...31).contains(prefix) else {
      throw FormatError("a range with the prefix /\(prefix)", expected: "a prefix from /8 to /31, or a single address without one")
    }
    let size = UInt32(1) << UInt32(32 - prefix)
    let base = UInt32(bigEndian: address.s_addr) & ~(size - 1)
    let edge: UInt32 = prefix == 31 ? 0 : 1
    (single, first, count) = (nil, base + edge, Int(size - 2 * edge))
  }

  /// - Parameter index: below `count`.
  public func address(_ index: Int) -> String {
    if let single { return single }
    let value = first + UInt32(index)
    return "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
  }
}
