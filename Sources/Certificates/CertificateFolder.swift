import Glibc

/// A folder with everything that TLS between a fleet and its broker needs.
///
///     ca.crt  ca.key  server.crt  server.key  devices/<device id>.crt  devices/<device id>.key  crl.pem
public enum CertificateFolder {
  /// Certificates that are wrong on purpose. The name `server` stands for the broker's.
  public struct Faults: Sendable {
    /// Whose certificates have run out already.
    public var expired: [String]
    /// Whose certificates are on the revocation list.
    public var revoked: [String]
    public init(expired: [String] = [], revoked: [String] = []) {
      self.expired = expired
      self.revoked = revoked
    }
  }

  /// What `make` did.
  public struct Contents {
    /// The authority, for further certificates.
    public let authority: CertificateAuthority
    /// Paths of files made now.
    public let created: [String]
    /// Paths of files that were there, still fit, and were left alone.
    public let kept: [String]
  }

  /// Makes what is missing. The authority that lies in the folder is used again, and certificates of it that still fit are kept:
  /// nothing is ever replaced, so that a fleet can grow and old devices keep their identity.
  ///
  /// - Parameters:
  ///   - folder: is made with mode 0755 when missing.
  ///   - serverNames: host names and IP addresses of the broker, for example `localhost` and `127.0.0.1`; empty for no server.
  ///   - deviceIDs: one client certificate each.
  ///   - faults: certificates that are wrong on purpose. `crl.pem` is made when one is revoked, and grows from then on.
  /// - Throws: `CertificateError` when a file is half there, is expired, comes from another authority, or lacks a server name.
  public static func make(at folder: String, serverNames: [String], deviceIDs: [String], faults: Faults = Faults()) throws(CertificateError)
    -> Contents
  {
    try PEMFile.makeFolder(folder, mode: 0o755)
    var maker = Maker(folder: folder, expired: Set(faults.expired))
    let authority = try maker.authority()
    if let first = serverNames.first {
      try maker.pair("server", commonName: first, names: serverNames.map { SubjectName($0) }, usage: .server, authority)
    }
    if !deviceIDs.isEmpty { try PEMFile.makeFolder("\(folder)/devices", mode: 0o755) }
    for device in deviceIDs {
      guard !device.contains("/"), !device.hasPrefix("."), !device.utf8.contains(0) else {
        throw CertificateError("the device id '\(device)' cannot name a file: '/' and a leading '.' are not allowed")
      }
      try maker.pair("devices/\(device)", commonName: device, names: [], usage: .client, authority)
    }
    try maker.revoke(faults.revoked, authority)
    return Contents(authority: authority, created: maker.created, kept: maker.kept)
  }

  private struct Maker {
    let folder: String
    var created: [String] = []
    var kept: [String] = []

    private let expired: Set<String>

    init(folder: String, expired: Set<String>) {
      self.folder = folder
      self.expired = expired
    }

    mutating func revoke(_ names: [String], _ authority: CertificateAuthority) throws(CertificateError) {
      let path = "\(folder)/crl.pem"
      guard !names.isEmpty else { return }
      let isNew = !PEMFile.exists(path)
      var list = try RevocationList(at: path, authority: authority)
      for name in names { try list.add(.load(name == "server" ? "\(folder)/server.crt" : "\(folder)/devices/\(name).crt")) }
      try list.write(authority)
      if isNew { created.append(path) } else { kept.append(path) }
    }

    mutating func authority() throws(CertificateError) -> CertificateAuthority {
      let (certificate, key) = ("\(folder)/ca.crt", "\(folder)/ca.key")
      if try isComplete(certificate, key) {
        kept += [certificate, key]
        return try .load(certificatePath: certificate, keyPath: key)
      }
      created += [certificate, key]
      return try .create(certificatePath: certificate, keyPath: key)
    }

    mutating func pair(
      _ name: String, commonName: String, names: [SubjectName], usage: CertificateUsage, _ authority: CertificateAuthority
    ) throws(CertificateError) {
      let (certificate, key) = ("\(folder)/\(name).crt", "\(folder)/\(name).key")
      let isExpired = expired.contains(usage == .server ? "server" : commonName)
      guard try isComplete(certificate, key) else {
        try authority.issue(
          commonName: commonName, names: names, usage: usage, isExpired: isExpired, certificatePath: certificate, keyPath: key)
        created += [certificate, key]
        return
      }
      let existing = try X509Certificate.load(certificate)
      guard existing.belongs(to: try .load(key)) else {
        throw CertificateError("\(certificate) and \(key) do not belong together: remove both to get a new pair")
      }
      guard existing.isSigned(by: authority.key) else {
        throw CertificateError("\(certificate) was not issued by \(folder)/ca.crt: remove it and its key to get a new pair")
      }
      guard !isExpired || existing.isExpired else {
        throw CertificateError("\(certificate) is valid and not replaced: remove it and its key to get an expired one")
      }
      guard isExpired || !existing.isExpired else {
        throw CertificateError("\(certificate) has expired: remove it and its key to get a new pair")
      }
      for name in names where !existing.covers(name) {
        throw CertificateError("\(certificate) is not valid for '\(name.text)': remove it and its key to get a new pair")
      }
      kept += [certificate, key]
    }

    private func isComplete(_ certificate: String, _ key: String) throws(CertificateError) -> Bool {
      switch (PEMFile.exists(certificate), PEMFile.exists(key)) {
      case (true, true): return true
      case (false, false): return false
      case (true, false): throw CertificateError("\(certificate) is there but \(key) is not: restore the key or remove the certificate")
      case (false, true): throw CertificateError("\(key) is there but \(certificate) is not: restore the certificate or remove the key")
      }
    }
  }
}
