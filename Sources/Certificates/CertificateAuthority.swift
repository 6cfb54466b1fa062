import COpenSSL
import Glibc

/// What a certificate is good for.
public enum CertificateUsage: Sendable {
  /// A broker or another TLS server.
  case server
  /// A device or another TLS client.
  case client
}

/// A private certificate authority: ECDSA on P-256 with SHA-256, for test fleets and labs.
///
/// Serial numbers are 128 random bits (CA/Browser Forum baseline: at least 64); certificates are valid from an hour ago, so that
/// slightly slow clocks accept them.
public struct CertificateAuthority {
  let key: KeyPair
  let certificate: X509Certificate

  /// Makes a new authority and writes its certificate (mode 0644) and key (mode 0600).
  ///
  /// - Parameters:
  ///   - commonName: 1...64 bytes of UTF-8 (RFC 5280, ub-common-name).
  ///   - days: validity from now on, at least 1.
  /// - Throws: `CertificateError` when a file of that name exists or cannot be written.
  public static func create(
    commonName: String = "Heliograph lab CA", certificatePath: String, keyPath: String, days: Int = 3650
  ) throws(CertificateError) -> CertificateAuthority {
    let key = try KeyPair.generate()
    var draft = try CertificateDraft(commonName: commonName, subjectKey: key, days: days)
    try draft.setIssuer(nil)
    try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
    try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
    try draft.add(NID_subject_key_identifier, "hash")
    try draft.add(NID_authority_key_identifier, "keyid:always")
    let certificate = try draft.sign(with: key)
    try PEMFile.create(keyPath, mode: 0o600, key.pem())
    try PEMFile.create(certificatePath, mode: 0o644, certificate.pem())
    return CertificateAuthority(key: key, certificate: certificate)
  }

  /// Reads an authority back from its two files and checks that they belong together and have not expired.
  public static func load(certificatePath: String, keyPath: String) throws(CertificateError) -> CertificateAuthority {
    let authority = CertificateAuthority(key: try .load(keyPath), certificate: try .load(certificatePath))
    guard authority.certificate.belongs(to: authority.key) else {
      throw CertificateError("\(certificatePath) and \(keyPath) do not belong together: remove both to get a new authority")
    }
    guard !authority.certificate.isExpired else {
      throw CertificateError("the authority \(certificatePath) has expired: remove the folder to get new certificates")
    }
    return authority
  }

  /// Issues a certificate with a key of its own and writes both as PEM: the key with mode 0600 from its first moment on, the
  /// certificate with 0644.
  ///
  /// - Parameters:
  ///   - commonName: 1...64 bytes of UTF-8; for a device, its identifier.
  ///   - names: the subject alternative names; a server needs at least one.
  ///   - days: validity from now on, at least 1; 825 is the most that common TLS stacks accept from a server.
  ///   - isExpired: whether it has run out already, to play that as a fault.
  /// - Throws: `CertificateError`; an existing file is never replaced.
  public func issue(
    commonName: String, names: [SubjectName], usage: CertificateUsage, days: Int = 825, isExpired: Bool = false, certificatePath: String,
    keyPath: String
  ) throws(CertificateError) {
    if usage == .server, names.isEmpty {
      throw CertificateError("a server certificate for '\(commonName)' needs at least one host name or IP address")
    }
    let subjectKey = try KeyPair.generate()
    var draft = try CertificateDraft(commonName: commonName, subjectKey: subjectKey, days: days, isExpired: isExpired)
    try draft.setIssuer(certificate)
    try draft.add(NID_basic_constraints, "critical,CA:FALSE")
    try draft.add(NID_key_usage, "critical,digitalSignature")
    try draft.add(NID_ext_key_usage, usage == .server ? "serverAuth" : "clientAuth")
    try draft.add(NID_subject_key_identifier, "hash")
    try draft.add(NID_authority_key_identifier, "keyid:always")
    if !names.isEmpty {
      var entries: [String] = []
      for name in names { entries.append(try name.extensionEntry()) }
      try draft.add(NID_subject_alt_name, entries.joined(separator: ","))
    }
    let issued = try draft.sign(with: key)
    for path in [keyPath, certificatePath] where PEMFile.exists(path) {
      throw CertificateError("\(path) exists and is not replaced: remove it to get a new one")
    }
    try PEMFile.create(keyPath, mode: 0o600, subjectKey.pem())
    do throws(CertificateError) {
      try PEMFile.create(certificatePath, mode: 0o644, issued.pem())
    } catch {
      unlink(keyPath)
      throw error
    }
  }
}
