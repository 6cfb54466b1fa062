import Foundation

/// Small files whose mode matters.
enum Files {
  static func exists(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
  }

  static func makeFolder(_ path: String, mode: mode_t) throws {
    if mkdir(path, mode) == 0 || errno == EEXIST { return }
    if errno == ENOENT {
      let parent = (path as NSString).deletingLastPathComponent
      if parent != path, !parent.isEmpty {
        try makeFolder(parent, mode: 0o755)
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
      }
    }
    throw LabError("the folder \(path) cannot be made: \(errorText())")
  }

  /// Replaces a file as a whole: readers see the old text or the new one, never a part, and never a wider mode.
  static func replace(_ path: String, mode: mode_t, with text: String) throws {
    let temporary = "\(path).new.\(getpid())"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw LabError("\(temporary) cannot be created: \(errorText())") }
    fchmod(descriptor, mode)
    let bytes = Array(text.utf8)
    let complete = writeAll(descriptor, bytes)
    let reason = errorText()
    close(descriptor)
    guard complete, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw LabError("\(path) cannot be written: \(reason)")
    }
  }

  static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return false }
      offset += written
    }
    return true
  }

  static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  /// The last lines of a log, indented, for error messages.
  static func tail(_ path: String, lines count: Int = 12) -> String {
    guard let text = text(path), !text.isEmpty else { return "  (\(path) is empty)" }
    let lines = text.split(separator: "\n").suffix(count)
    return "the end of \(path):\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }

  static func errorText() -> String { String(cString: strerror(errno)) }
}
