import Foundation

/// File paths as fleet files write them.
enum Paths {
  /// The folder of a file, `.` when it has none.
  static func folder(of file: String) -> String {
    let folder = (file as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  /// The folder above a folder.
  static func above(_ folder: String) -> String {
    switch lastPart(folder) {
    case ".": folder == "." ? ".." : (folder as NSString).appendingPathComponent("..")
    case "..": (folder as NSString).appendingPathComponent("..")
    default: self.folder(of: folder)
    }
  }

  /// A name within a folder.
  static func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : (folder as NSString).appendingPathComponent(name)
  }

  /// The name of a file without its folders.
  static func lastPart(_ file: String) -> String {
    (file as NSString).lastPathComponent
  }

  /// A path as seen from the file in which it stands; stays relative when that file's path is.
  static func resolve(_ path: String, besideFile file: String) -> String {
    if path.hasPrefix("/") { return path }
    return join(folder(of: file), path)
  }

  /// The absolute path without `.` and `..`.
  static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
