import Foundation

/// Where the programs of a lab are installed.
enum Programs {
  static func find(_ name: String, package: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/bin"]
    for folder in folders where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
    throw LabError("\(name) is not installed: on Debian and Ubuntu, `apt install \(package)`")
  }

  /// A server program of the newest PostgreSQL; Debian keeps them outside PATH.
  static func findPostgreSQL(_ name: String) throws -> String {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    for version in versions.compactMap({ Int($0) }).sorted(by: >) where access("\(root)/\(version)/bin/\(name)", X_OK) == 0 {
      return "\(root)/\(version)/bin/\(name)"
    }
    return try find(name, package: "postgresql")
  }
}
