import Glibc

/// Why something could not be put aside on the disk.
public struct SpillError: Error, CustomStringConvertible {
  public let description: String
}

/// A folder for what does not fit in memory; gone when its user is, unless it is kept.
final class SpillFolder {
  let path: String
  /// Whether the folder is to stay, so that the work can be continued.
  var isKept = false
  private var files: Set<String> = []

  /// - Parameter path: nil makes one of its own in the folder for temporary files.
  init(path: String?) throws(SpillError) {
    if let path {
      self.path = path
      if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SpillFolder.failure("make the folder", path) }
      return
    }
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/heliograph-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SpillFolder.failure("make a folder in", parent) }
    self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard !isKept else { return }
    for name in files { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// Adds bytes to the end of a file.
  func append(_ bytes: UnsafeRawBufferPointer, to name: String) throws(SpillError) {
    files.insert(name)
    try write(bytes, "\(path)/\(name)", O_WRONLY | O_CREAT | O_APPEND)
  }

  /// Makes a file hold these bytes alone.
  func replace(_ name: String, with bytes: UnsafeRawBufferPointer) throws(SpillError) {
    files.insert(name)
    try write(bytes, "\(path)/\(name).new", O_WRONLY | O_CREAT | O_TRUNC)
    guard rename("\(path)/\(name).new", "\(path)/\(name)") == 0 else { throw SpillFolder.failure("rename", "\(path)/\(name)") }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, _ path: String, _ flags: Int32) throws(SpillError) {
    let descriptor = open(path, flags, 0o600)
    guard descriptor >= 0 else { throw SpillFolder.failure("open", path) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      guard count > 0 || errno == EINTR else { throw SpillFolder.failure("write", path) }
      done += max(0, count)
    }
  }

  /// Lends the bytes of a file from an offset on; none when there is no such file.
  func read<Result>(_ name: String, from offset: Int = 0, count: Int = .max, _ body: (UnsafeRawBufferPointer) throws -> Result) throws
    -> Result
  {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_RDONLY)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw SpillFolder.failure("open", file) }
      return try body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    defer { close(descriptor) }
    files.insert(name)
    let size = min(count, max(0, Int(lseek(descriptor, 0, SEEK_END)) - offset))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    var done = 0
    while done < size {
      let taken = pread(descriptor, buffer.baseAddress?.advanced(by: done), size - done, off_t(offset + done))
      if taken < 0 && errno == EINTR { continue }
      guard taken > 0 else { throw SpillFolder.failure("read", file) }
      done += taken
    }
    return try body(UnsafeRawBufferPointer(buffer))
  }

  private static func failure(_ what: String, _ path: String) -> SpillError {
    let reason = String(cString: strerror(errno))
    return SpillError(description: "cannot \(what) \(path): \(reason); point TMPDIR at a folder with more room")
  }
}
