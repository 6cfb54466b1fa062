import Glibc

/// A name that a certificate vouches for.
public enum SubjectName: Sendable, Equatable {
  /// A host name, for example `localhost`; a leading `*.` is allowed.
  case dns(String)
  /// An IPv4 or IPv6 address in text form.
  case ip(String)

  /// Tells addresses from host names.
  public init(_ text: String) {
    var storage = in6_addr()
    self = inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1 ? .ip(text) : .dns(text)
  }

  var text: String {
    switch self {
    case .dns(let text), .ip(let text): text
    }
  }

  /// The spelling in OpenSSL's extension syntax; refuses characters that would start another entry there.
  func extensionEntry() throws(CertificateError) -> String {
    let allowed = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: ":"): true
      default: false
      }
    }
    guard allowed, !text.isEmpty else {
      throw CertificateError("'\(text)' cannot stand in a certificate: expected a host name or an IP address")
    }
    switch self {
    case .dns(let host):
      guard !host.contains(":") else { throw CertificateError("'\(host)' is neither a host name nor an IP address") }
      return "DNS:\(host)"
    case .ip(let address): return "IP:\(address)"
    }
  }
}
