import Glibc

/// The folder for what does not fit in memory, made when it is first needed.
final class WorkFolder {
  private let path: String?
  private var folder: SpillFolder?

  init(path: String?) { self.path = path }

  func opened() throws -> SpillFolder {
    if let folder { return folder }
    let opened = try SpillFolder(path: path)
    folder = opened
    return opened
  }

  /// Removes what an earlier process may have left, if there is anything.
  func clear() throws {
    guard folder != nil || path.map({ access($0, F_OK) == 0 }) == true else { return }
    let folder = try opened()
    folder.removeAll()
    folder.isKept = false
  }

  /// Nothing has to be continued any more.
  func discard() {
    folder?.isKept = false
    if folder == nil, let path, access(path, F_OK) == 0 { _ = try? opened() }
  }
}
