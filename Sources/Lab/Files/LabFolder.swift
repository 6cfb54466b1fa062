import Foundation

/// Where everything of one lab lies.
struct LabFolder: Sendable {
  /// Absolute, without a trailing slash.
  let path: String

  init(_ given: String) {
    let absolute = given.hasPrefix("/") ? given : FileManager.default.currentDirectoryPath + "/" + given
    path = (absolute as NSString).standardizingPath
  }

  var certificates: String { "\(path)/certificates" }
  var secrets: String { "\(path)/secrets" }
  var mqttPassword: String { "\(path)/secrets/mqtt-password" }
  var httpToken: String { "\(path)/secrets/http-token" }
  var storePassword: String { "\(path)/secrets/store-password" }
  var state: String { "\(path)/lab.json" }
  var connection: String { "\(path)/connection.yaml" }
  var injected: String { "\(path)/injected.ndjson" }
  var rejected: String { "\(path)/rejected.ndjson" }
  var pipelineStatus: String { "\(path)/pipeline-status.json" }
  var waitingRows: String { "\(path)/pipeline-waiting.bin" }
  var broker: String { "\(path)/broker" }
  var front: String { "\(path)/front" }
  var store: String { "\(path)/store" }
  var socket: String { "\(path)/socket" }
  func pidFile(_ component: LabComponent) -> String { "\(path)/run/\(component.rawValue).pid" }
  func log(_ component: LabComponent) -> String { "\(path)/log/\(component.rawValue).log" }

  func make() throws {
    try Files.makeFolder(path, mode: 0o755)
    for name in ["secrets", "run", "log", "broker", "front"] { try Files.makeFolder("\(path)/\(name)", mode: 0o700) }
  }

  /// Runs one change of the lab at a time; another one that comes meanwhile is refused.
  func exclusively<R>(_ body: () throws -> R) throws -> R {
    let lockPath = "\(path)/run/lock"
    let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LabError("\(lockPath) cannot be opened: \(Files.errorText())") }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw LabError("another command is changing the lab in \(path) at this moment: wait for it and try again")
    }
    return try body()
  }
}
