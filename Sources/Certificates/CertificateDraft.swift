import COpenSSL

/// A version 3 certificate before it is signed.
struct CertificateDraft {
  private let certificate: X509Certificate
  private var issuer: X509Certificate?

  /// - Parameter isExpired: whether the validity ended yesterday, after a day.
  init(commonName: String, subjectKey: KeyPair, days: Int, isExpired: Bool = false) throws(CertificateError) {
    guard (1...64).contains(commonName.utf8.count) else {
      throw CertificateError("'\(commonName)' has \(commonName.utf8.count) bytes: a certificate's common name has 1 to 64")
    }
    guard (1...36500).contains(days) else { throw CertificateError("\(days) days of validity: expected 1 to 36500") }
    guard let pointer = X509_new() else { throw .openSSL("making a certificate") }
    certificate = X509Certificate(owning: pointer)
    let made =
      X509_set_version(pointer, 2) == 1
      && X509_gmtime_adj(X509_getm_notBefore(pointer), isExpired ? -2 * 86400 : -3600) != nil
      && X509_gmtime_adj(X509_getm_notAfter(pointer), isExpired ? -86400 : days * 86400) != nil
      && X509_set_pubkey(pointer, subjectKey.pointer) == 1
      && X509_NAME_add_entry_by_NID(
        X509_get_subject_name(pointer), NID_commonName, MBSTRING_UTF8, commonName, Int32(commonName.utf8.count), -1, 0) == 1
    guard made else { throw .openSSL("making the certificate of '\(commonName)'") }
    try setRandomSerial()
  }

  private func setRandomSerial() throws(CertificateError) {
    guard let number = BN_new() else { throw .openSSL("making a serial number") }
    defer { BN_free(number) }
    // 128 bits whose top bit is clear or set at random; zero has a chance of 2^-128.
    guard BN_rand(number, 128, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1,
      BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.pointer)) != nil
    else { throw .openSSL("making a serial number") }
  }

  /// Nil stands for a certificate that signs itself. Must come before the extensions, which refer to the issuer.
  mutating func setIssuer(_ authority: X509Certificate?) throws(CertificateError) {
    issuer = authority ?? certificate
    guard X509_set_issuer_name(certificate.pointer, X509_get_subject_name((authority ?? certificate).pointer)) == 1 else {
      throw .openSSL("setting the issuer")
    }
  }

  /// Adds one extension, in the syntax of OpenSSL's x509v3_config(5).
  func add(_ identifier: Int32, _ value: String) throws(CertificateError) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, (issuer ?? certificate).pointer, certificate.pointer, nil, nil, 0)
    guard let made = X509V3_EXT_conf_nid(nil, &context, identifier, value) else { throw .openSSL("making the extension '\(value)'") }
    defer { X509_EXTENSION_free(made) }
    guard X509_add_ext(certificate.pointer, made, -1) == 1 else { throw .openSSL("adding the extension '\(value)'") }
  }

  func sign(with key: KeyPair) throws(CertificateError) -> X509Certificate {
    guard X509_sign(certificate.pointer, key.pointer, EVP_sha256()) > 0 else { throw .openSSL("signing a certificate") }
    return certificate
  }
}
