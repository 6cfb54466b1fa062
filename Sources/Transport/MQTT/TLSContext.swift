import COpenSSL
import Glibc

/// A problem with keys, certificates or the TLS library.
public struct TLSError: Error, CustomStringConvertible {
  public let description: String
  init(_ what: String) {
    let code = ERR_get_error()
    guard code != 0 else {
      description = what
      return
    }
    var text = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(code, &text, text.count)
    description = "\(what): \(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))"
  }
}

/// The one SSL_CTX that all devices of a fleet share: a context of its own would cost each device 20 to 800 KiB.
final class TLSContext {
  let pointer: OpaquePointer
  let verification = Verification()
  private let certificates: CertificateSource?

  /// Hands each handshake the certificate of the device that is being served.
  final class CertificateSource {
    let folder: String
    let deviceIDs: [String]
    /// The device whose connection is being driven; set before each call into the library.
    var current = 0

    init(folder: String, deviceIDs: [String]) {
      self.folder = folder
      self.deviceIDs = deviceIDs
    }
  }

  /// - Parameters:
  ///   - authorityFile: trusted certificates in PEM, or nil for the system's.
  ///   - serverName: the DNS name or IP address that the broker's certificate must bear.
  init(authorityFile: String?, serverName: String, certificates: CertificateSource?) throws(TLSError) {
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw TLSError("cannot create a TLS context") }
    pointer = context
    self.certificates = certificates
    _ = openssl_set_min_protocol(context, TLS1_2_VERSION)
    // Idle connections give their 2 x 17 KiB of record buffers back.
    _ = openssl_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, Self.noteVerification)
    SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(verification).toOpaque())
    if let authorityFile {
      guard SSL_CTX_load_verify_locations(context, authorityFile, nil) == 1 else {
        throw TLSError("cannot read trusted certificates from \(authorityFile)")
      }
    } else {
      SSL_CTX_set_default_verify_paths(context)
    }
    let parameters = SSL_CTX_get0_param(context)
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName) != 1 {
      guard X509_VERIFY_PARAM_set1_host(parameters, serverName, 0) == 1 else { throw TLSError("'\(serverName)' is not a host name") }
    }
    if let certificates {
      SSL_CTX_set_cert_cb(context, Self.chooseCertificate, Unmanaged.passUnretained(certificates).toOpaque())
    }
  }

  deinit { SSL_CTX_free(pointer) }

  /// Why a certificate was refused last. The library may have freed the connection that would tell before its call returns.
  final class Verification {
    var failure: Int32 = 0
  }

  private static let noteVerification: @convention(c) (Int32, OpaquePointer?) -> Int32 = { isAccepted, store in
    if isAccepted == 0, let store, let connection = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
      let memory = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(OpaquePointer(connection)), 0)
    {
      Unmanaged<Verification>.fromOpaque(memory).takeUnretainedValue().failure = X509_STORE_CTX_get_error(store)
    }
    return isAccepted
  }

  private static let chooseCertificate: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { connection, context in
    guard let context else { return 0 }
    let source = Unmanaged<CertificateSource>.fromOpaque(context).takeUnretainedValue()
    let path = source.folder + "/" + source.deviceIDs[source.current]
    guard SSL_use_certificate_file(connection, path + ".crt", SSL_FILETYPE_PEM) == 1,
      SSL_use_PrivateKey_file(connection, path + ".key", SSL_FILETYPE_PEM) == 1
    else { return 0 }
    return 1
  }

  /// Why the peer's certificate was not accepted, or nil when it was.
  static func verificationFailure(_ connection: OpaquePointer) -> Int? {
    let result = SSL_get_verify_result(connection)
    return result == Int(X509_V_OK) ? nil : Int(result)
  }
}
