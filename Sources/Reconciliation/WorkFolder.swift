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
}
