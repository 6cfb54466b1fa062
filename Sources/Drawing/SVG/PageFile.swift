import Glibc

/// The file of a picture or a page: complete, or not there at all.
public struct PageFile {
  public let path: String
  private let temporary: String
  private let descriptor: Int32

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Opens the file, before any work is done for it.
  /// - Parameter path: replaced when `finish` is called; something that is no regular file, such as `/dev/stdout`, is written directly.
  /// - Throws: `Failure` when it cannot be written.
  public init(path: String) throws {
    self.path = path
    var status = stat()
    let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    if isSpecial && status.st_mode & S_IFMT == S_IFDIR { throw Failure(description: "cannot write \(path): it is a folder") }
    temporary = isSpecial ? path : "\(path).\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | (isSpecial ? 0 : O_TRUNC) | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw PageFile.failure(path) }
  }

  /// Draws and puts the file into its place.
  /// - Throws: `Failure` when the disc does not take it, or what `draw` throws; then nothing is left behind.
  public func write(_ draw: (MarkupWriter) throws -> Void) throws {
    let writer = MarkupWriter { try append($0) }
    do {
      try draw(writer)
      try writer.finish()
    } catch {
      discard()
      throw error
    }
    guard close(descriptor) == 0, temporary == path || rename(temporary, path) == 0 else {
      let failure = PageFile.failure(path)
      if temporary != path { unlink(temporary) }
      throw failure
    }
  }

  /// Closes the file without a picture.
  public func discard() {
    close(descriptor)
    if temporary != path { unlink(temporary) }
  }

  private func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw PageFile.failure(path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(description: "cannot write \(path): \(String(cString: strerror(errno)))")
  }
}
