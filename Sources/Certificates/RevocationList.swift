import COpenSSL
import Glibc

/// A certificate revocation list (RFC 5280, section 5) in a PEM file. Entries are added and never taken away.
struct RevocationList {
  private let list: OpaquePointer
  private let path: String
  private var isChanged = false

  /// Reads the list in `path`, or begins an empty one.
  init(at path: String, authority: CertificateAuthority) throws(CertificateError) {
    self.path = path
    if PEMFile.exists(path) {
      let bytes = try PEMFile.read(path)
      guard let read = withMemoryBIO(bytes, { PEM_read_bio_X509_CRL($0, nil, nil, nil) }) else {
        throw .openSSL("reading the revocation list \(path)")
      }
      list = read
      guard X509_CRL_verify(read, authority.key.pointer) == 1 else {
        X509_CRL_free(read)
        ERR_clear_error()
        throw CertificateError("\(path) was not signed by the authority beside it: remove it to get a new one")
      }
      return
    }
    guard let made = X509_CRL_new() else { throw .openSSL("making a revocation list") }
    list = made
    isChanged = true
    let issuer = authority.certificate.pointer
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer, nil, nil, made, 0)
    guard X509_CRL_set_version(made, 1) == 1, X509_CRL_set_issuer_name(made, X509_get_subject_name(issuer)) == 1,
      let identifier = X509V3_EXT_conf_nid(nil, &context, NID_authority_key_identifier, "keyid:always")
    else { throw .openSSL("making a revocation list") }
    defer { X509_EXTENSION_free(identifier) }
    guard X509_CRL_add_ext(made, identifier, -1) == 1 else { throw .openSSL("making a revocation list") }
  }

  /// Adds a certificate unless it is on the list.
  mutating func add(_ certificate: X509Certificate) throws(CertificateError) {
    var known: OpaquePointer?
    guard X509_CRL_get0_by_cert(list, &known, certificate.pointer) == 0 else { return }
    guard let entry = X509_REVOKED_new(), let now = X509_gmtime_adj(nil, 0) else { throw .openSSL("revoking a certificate") }
    defer { ASN1_STRING_free(now) }
    guard X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.pointer)) == 1,
      X509_REVOKED_set_revocationDate(entry, now) == 1, X509_CRL_add0_revoked(list, entry) == 1
    else {
      X509_REVOKED_free(entry)
      throw .openSSL("revoking a certificate")
    }
    isChanged = true
  }

  /// Signs the list and puts it in place of the old one, when it has changed. It is valid for ten years.
  func write(_ authority: CertificateAuthority) throws(CertificateError) {
    defer { X509_CRL_free(list) }
    guard isChanged else { return }
    guard let before = X509_gmtime_adj(nil, -3_600), let after = X509_gmtime_adj(nil, 3_650 * 86_400), let number = ASN1_INTEGER_new()
    else {
      throw .openSSL("signing the revocation list")
    }
    defer {
      ASN1_STRING_free(before)
      ASN1_STRING_free(after)
      ASN1_INTEGER_free(number)
    }
    // Numbers only need to grow.
    guard ASN1_INTEGER_set_int64(number, Int64(time(nil))) == 1,
      X509_CRL_add1_ext_i2d(list, NID_crl_number, number, 0, UInt(X509V3_ADD_REPLACE)) == 1,
      X509_CRL_set1_lastUpdate(list, before) == 1, X509_CRL_set1_nextUpdate(list, after) == 1, X509_CRL_sort(list) == 1,
      X509_CRL_sign(list, authority.key.pointer, EVP_sha256()) > 0
    else { throw .openSSL("signing the revocation list") }
    let list = list
    let text = try collectBIO("writing a revocation list") { PEM_write_bio_X509_CRL($0, list) }
    let draft = path + ".new"
    unlink(draft)
    try PEMFile.create(draft, mode: 0o644, text)
    guard rename(draft, path) == 0 else {
      throw CertificateError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
