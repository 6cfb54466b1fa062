import COpenSSL
import Glibc

/// PEM files that are born with their final mode and never replace anything.
enum PEMFile {
  /// Writes a new file; refuses when something of that name exists.
  static func create(_ path: String, mode: mode_t, _ bytes: [UInt8]) throws(CertificateError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else {
      throw CertificateError("\(path) cannot be created: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    // The umask may have taken bits from a public file's mode; it can never add any.
    fchmod(descriptor, mode)
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      guard written > 0 else {
        let reason = String(cString: strerror(errno))
        unlink(path)
        throw CertificateError("\(path) cannot be written: \(reason)")
      }
      offset += written
    }
  }

  static func read(_ path: String) throws(CertificateError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CertificateError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 8192)
    while true {
      let size = Glibc.read(descriptor, &chunk, chunk.count)
      guard size >= 0 else { throw CertificateError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
      if size == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<size])
    }
  }

  static func exists(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
  }

  static func makeFolder(_ path: String, mode: mode_t) throws(CertificateError) {
    guard mkdir(path, mode) != 0, errno != EEXIST else { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]), mode: 0o755)
      if mkdir(path, mode) == 0 || errno == EEXIST { return }
    }
    throw CertificateError("the folder \(path) cannot be made: \(String(cString: strerror(errno)))")
  }
}
