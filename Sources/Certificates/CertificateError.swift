import COpenSSL

/// Why a certificate could not be made, for people.
public struct CertificateError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What is wrong, where, and how to put it right.
  public let description: String

  init(_ description: String) { self.description = description }

  /// Adds the oldest error that OpenSSL queued on this thread, and empties its queue.
  static func openSSL(_ attempt: String) -> CertificateError {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0, let reason = ERR_reason_error_string(code) else { return CertificateError("\(attempt) failed in OpenSSL") }
    return CertificateError("\(attempt) failed in OpenSSL: \(String(cString: reason))")
  }
}
