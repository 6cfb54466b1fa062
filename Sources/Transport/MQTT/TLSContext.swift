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
  let handshakes: Handshakes

  /// - Parameters:
  ///   - settings: trusted and revoked certificates, and whether sessions are resumed.
  ///   - serverName: the DNS name or IP address that the first broker's certificate must bear.
  init(_ settings: MQTTConfiguration.TLS, serverName: String, handshakes: Handshakes) throws(TLSError) {
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw TLSError("cannot create a TLS context") }
    pointer = context
    self.handshakes = handshakes
    _ = openssl_set_min_protocol(context, TLS1_2_VERSION)
    // Idle connections give their 2 x 17 KiB of record buffers back.
    _ = openssl_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
    let memory = Unmanaged.passUnretained(handshakes).toOpaque()
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, Self.noteVerification)
    SSL_CTX_set_ex_data(context, 0, memory)
    SSL_CTX_set_info_callback(context, Self.follow)
    if let authorityFile = settings.authorityFile {
      guard SSL_CTX_load_verify_locations(context, authorityFile, nil) == 1 else {
        throw TLSError("cannot read trusted certificates from \(authorityFile)")
      }
    } else {
      SSL_CTX_set_default_verify_paths(context)
    }
    let parameters = SSL_CTX_get0_param(context)
    if let list = settings.revocationFile {
      guard SSL_CTX_load_verify_locations(context, list, nil) == 1 else { throw TLSError("cannot read revoked certificates from \(list)") }
      X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_CRL_CHECK))
    }
    guard Self.require(serverName, parameters) else { throw TLSError("'\(serverName)' is not a host name") }
    if handshakes.folder != nil { SSL_CTX_set_cert_cb(context, Self.chooseCertificate, memory) }
    if settings.resumesSessions {
      _ = openssl_cache_sessions_outside(context)
      SSL_CTX_sess_set_new_cb(context, Self.keepSession)
    }
  }

  deinit { SSL_CTX_free(pointer) }

  /// Demands a name or address of the peer's certificate, in place of what was demanded before.
  private static func require(_ name: String, _ parameters: OpaquePointer?) -> Bool {
    X509_VERIFY_PARAM_set1_host(parameters, nil, 0)
    X509_VERIFY_PARAM_set1_ip(parameters, nil, 0)
    return X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 || X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1
  }

  private static func handshakes(of connection: OpaquePointer?) -> Handshakes? {
    guard let memory = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), 0) else { return nil }
    return Unmanaged<Handshakes>.fromOpaque(memory).takeUnretainedValue()
  }

  private static let noteVerification: @convention(c) (Int32, OpaquePointer?) -> Int32 = { isAccepted, store in
    if isAccepted == 0, let store, let connection = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()) {
      TLSContext.handshakes(of: OpaquePointer(connection))?.verification = X509_STORE_CTX_get_error(store)
    }
    return isAccepted
  }

  /// Called at many steps of a handshake; two of them matter: its begin, and an alert of the peer.
  private static let follow: @convention(c) (OpaquePointer?, Int32, Int32) -> Void = { connection, step, value in
    let isBegin = step & SSL_CB_HANDSHAKE_START != 0
    let isAlert = step & SSL_CB_ALERT != 0 && step & SSL_CB_READ != 0
    guard isBegin || isAlert, let handshakes = TLSContext.handshakes(of: connection) else { return }
    if isAlert {
      // The upper byte is the level.
      if value & 0xFF != SSL_AD_CLOSE_NOTIFY { handshakes.alert = value & 0xFF }
      return
    }
    // The library names the address that it was given; brokers behind one address ask for the name (RFC 6066).
    if handshakes.isNamed { _ = openssl_set_server_name(connection, handshakes.serverName) }
    if handshakes.demandsName { _ = TLSContext.require(handshakes.serverName, SSL_get0_param(connection)) }
    if let session = handshakes.session { SSL_set_session(connection, session) }
    BIO_set_callback_ex(SSL_get_wbio(connection), TLSContext.forgiveWriting)
  }

  /// A broker that refuses a certificate says so and closes, and CONNECT is written to a connection that is closed already. The library would
  /// give up there, with the reason unread in the socket; told that all went well, it reads it next.
  private static let forgiveWriting:
    @convention(c) (
      OpaquePointer?, Int32, UnsafePointer<CChar>?, Int, Int32, Int, Int32, UnsafeMutablePointer<Int>?
    ) -> Int = { _, operation, _, count, _, _, result, written in
      guard operation == BIO_CB_WRITE | BIO_CB_RETURN, result <= 0, errno == EPIPE || errno == ECONNRESET else { return Int(result) }
      written?.pointee = count
      return 1
    }

  /// The broker has let the device in: from now on a write that fails is one that fails.
  static func endForgiving(_ connection: OpaquePointer) { BIO_set_callback_ex(SSL_get_wbio(connection), nil) }

  private static let chooseCertificate: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { connection, context in
    guard let context else { return 0 }
    let handshakes = Unmanaged<Handshakes>.fromOpaque(context).takeUnretainedValue()
    guard let path = handshakes.certificatePath else { return 1 }
    guard SSL_use_certificate_file(connection, path + ".crt", SSL_FILETYPE_PEM) == 1,
      SSL_use_PrivateKey_file(connection, path + ".key", SSL_FILETYPE_PEM) == 1
    else {
      let isThere = access(path + ".crt", R_OK) == 0 && access(path + ".key", R_OK) == 0
      handshakes.ownCertificate = isThere ? .unusable : .missing
      return 0
    }
    return 1
  }

  private static let keepSession: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = { connection, session in
    // A copy: an abrupt end of the connection marks its own session as not resumable.
    if let handshakes = TLSContext.handshakes(of: connection), let copy = SSL_SESSION_dup(session) { handshakes.keep(copy) }
    return 0
  }

  /// Why the peer's certificate was not accepted, or nil when it was.
  static func verificationFailure(_ connection: OpaquePointer) -> Int? {
    let result = SSL_get_verify_result(connection)
    return result == Int(X509_V_OK) ? nil : Int(result)
  }
}
