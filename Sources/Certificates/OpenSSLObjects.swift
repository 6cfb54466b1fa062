import COpenSSL

/// An OpenSSL key pair that is freed with its last reference.
final class KeyPair {
  let pointer: OpaquePointer

  init(owning pointer: OpaquePointer) { self.pointer = pointer }
  deinit { EVP_PKEY_free(pointer) }

  static func generate() throws(CertificateError) -> KeyPair {
    guard let pointer = openssl_generate_p256() else { throw .openSSL("generating a P-256 key") }
    return KeyPair(owning: pointer)
  }

  static func load(_ path: String) throws(CertificateError) -> KeyPair {
    let bytes = try PEMFile.read(path)
    let pointer = withMemoryBIO(bytes) { PEM_read_bio_PrivateKey($0, nil, nil, nil) }
    guard let pointer else { throw .openSSL("reading the private key \(path)") }
    return KeyPair(owning: pointer)
  }

  func pem() throws(CertificateError) -> [UInt8] {
    let key = pointer
    return try collectBIO("writing a private key") { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
  }
}

/// An X.509 certificate that is freed with its last reference.
final class X509Certificate {
  let pointer: OpaquePointer

  init(owning pointer: OpaquePointer) { self.pointer = pointer }
  deinit { X509_free(pointer) }

  static func load(_ path: String) throws(CertificateError) -> X509Certificate {
    let bytes = try PEMFile.read(path)
    let pointer = withMemoryBIO(bytes) { PEM_read_bio_X509($0, nil, nil, nil) }
    guard let pointer else { throw .openSSL("reading the certificate \(path)") }
    return X509Certificate(owning: pointer)
  }

  func pem() throws(CertificateError) -> [UInt8] {
    let certificate = pointer
    return try collectBIO("writing a certificate") { PEM_write_bio_X509($0, certificate) }
  }

  var isExpired: Bool { X509_cmp_current_time(X509_get0_notAfter(pointer)) < 0 }

  func belongs(to key: KeyPair) -> Bool {
    let matches = X509_check_private_key(pointer, key.pointer) == 1
    ERR_clear_error()
    return matches
  }

  func isSigned(by key: KeyPair) -> Bool {
    let valid = X509_verify(pointer, key.pointer) == 1
    ERR_clear_error()
    return valid
  }

  func covers(_ name: SubjectName) -> Bool {
    switch name {
    case .dns(let host): X509_check_host(pointer, host, host.utf8.count, 0, nil) == 1
    case .ip(let address): X509_check_ip_asc(pointer, address, 0) == 1
    }
  }
}

func withMemoryBIO<R>(_ bytes: [UInt8], _ body: (OpaquePointer?) -> R?) -> R? {
  bytes.withUnsafeBytes { buffer -> R? in
    guard let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
    defer { BIO_free(bio) }
    return body(bio)
  }
}

func collectBIO(_ attempt: String, _ body: (OpaquePointer) -> Int32) throws(CertificateError) -> [UInt8] {
  guard let bio = BIO_new(BIO_s_mem()) else { throw .openSSL(attempt) }
  defer { BIO_free(bio) }
  guard body(bio) == 1 else { throw .openSSL(attempt) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let size = BIO_read(bio, &chunk, Int32(chunk.count))
    if size <= 0 { return bytes }
    bytes.append(contentsOf: chunk[..<Int(size)])
  }
}
