import Foundation

/// The built program, run as a user runs it.
enum Program {
  struct Ended: Sendable {
    var status: Int32
    var output: String
    var errors: String
  }

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The executable that was built beside the test bundle.
  static var path: String {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0])
    for folder in [bundle.deletingLastPathComponent(), Bundle(for: Marker.self).bundleURL.deletingLastPathComponent()] {
      let candidate = folder.appendingPathComponent("heliograph").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    return "heliograph"
  }

  private final class Marker {}

  /// Starts the program in the repository's folder; both outputs go to files.
  static func start(_ arguments: [String], output: String, errors: String) throws -> Process {
    try start(path, arguments, output: output, errors: errors)
  }

  /// Starts a shell command.
  static func start(shell command: String, output: String, errors: String) throws -> Process {
    try start("/bin/bash", ["-c", command], output: output, errors: errors)
  }

  private static func start(_ executable: String, _ arguments: [String], output: String, errors: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = repository
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = "80"
    environment["NO_COLOR"] = "1"
    process.environment = environment
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs the program to its end.
  @discardableResult
  static func run(_ arguments: String...) throws -> Ended { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Ended {
    let scratch = try Scratch()
    let process = try start(arguments, output: scratch.file("out"), errors: scratch.file("err"))
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Ended(status: status, output: scratch.text("out"), errors: scratch.text("err"))
  }
}

/// A folder that goes when it is no longer needed.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "hl-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  func text(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }
}

/// Waits until a condition holds.
/// - Throws: `Waited` with what was waited for, after two minutes: long enough for the slowest machine, so that no test fails by timing.
func wait(for what: String, _ condition: () throws -> Bool) throws {
  let deadline = Date().addingTimeInterval(120)
  while try !condition() {
    guard Date() < deadline else { throw Waited(what: what) }
    usleep(50_000)
  }
}

struct Waited: Error {
  var what: String
}

/// Runs blocking work side by side; returns results in the order of the items.
func concurrently<Item: Sendable, Result: Sendable>(_ items: [Item], _ work: @escaping @Sendable (Item) throws -> Result) throws -> [Result]
{
  let group = DispatchGroup()
  let lock = NSLock()
  nonisolated(unsafe) var results: [Int: Swift.Result<Result, any Error>] = [:]
  for (index, item) in items.enumerated() {
    let thread = Thread {
      let result = Swift.Result { try work(item) }
      lock.withLock { results[index] = result }
      group.leave()
    }
    group.enter()
    thread.start()
  }
  group.wait()
  return try items.indices.compactMap { try results[$0]?.get() }
}
