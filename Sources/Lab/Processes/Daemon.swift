import CLinux
import Foundation

/// A process as it can be found again later: a reused process id has another start time.
struct ProcessIdentity: Codable, Sendable, Equatable {
  var pid: Int32
  /// Clock ticks since the machine booted: field 22 of /proc/<pid>/stat.
  var startTime: UInt64
  var command: [String]

  /// False for a zombie too: it does nothing any more and only waits to be collected.
  var isAlive: Bool {
    var status: Int32 = 0
    // Collects the process when it is a child of this one; otherwise does nothing.
    waitpid(pid, &status, WNOHANG)
    guard let found = Self.inspect(pid) else { return false }
    return found.startTime == startTime && found.state != "Z" && found.state != "X"
  }

  /// The state letter and start time of a process, from the fields behind its parenthesised name.
  static func inspect(_ pid: Int32) -> (state: Character, startTime: UInt64)? {
    guard let text = Files.text("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let state = fields[0].first, let startTime = UInt64(fields[19]) else { return nil }
    return (state, startTime)
  }

  static func load(_ path: String) -> ProcessIdentity? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(ProcessIdentity.self, from: data)
  }

  func save(_ path: String) throws {
    try Files.replace(path, mode: 0o600, with: String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n")
  }

  /// Sends a signal unless the process has ended. The check and the signal are not one step, but an id is not given to another
  /// process before all others were used.
  @discardableResult func signal(_ number: Int32) -> Bool { isAlive && Glibc.kill(pid, number) == 0 }

  /// Waits until the process has ended.
  func waitForEnd(seconds: Double) -> Bool { poll(seconds: seconds) { !isAlive } }
}

/// Asks every 10 ms until the condition holds or the time is over.
func poll(seconds: Double, _ condition: () -> Bool) -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while !condition() {
    guard ContinuousClock.now < deadline else { return false }
    usleep(10_000)
  }
  return true
}

/// Starts processes that outlive this one.
enum Daemon {
  /// Starts a program in a session of its own, with input from /dev/null, output appended to `log`, and no other descriptor.
  static func spawn(_ command: [String], log: String, folder: String) throws -> ProcessIdentity {
    let pid = try launch(command, log: log, folder: folder)
    guard let found = ProcessIdentity.inspect(pid) else { throw LabError("\(command[0]) ended at once; \(Files.tail(log))") }
    return ProcessIdentity(pid: pid, startTime: found.startTime, command: command)
  }

  /// Runs a program to its end; throws with the end of its output unless it succeeds.
  static func run(_ command: [String], log: String, folder: String) throws {
    let pid = try launch(command, log: log, folder: folder)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      throw LabError("\(command.joined(separator: " ")) failed; \(Files.tail(log))")
    }
  }

  private static func launch(_ command: [String], log: String, folder: String) throws -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let result = linux_spawn_daemon(&arguments, log, folder)
    guard result > 0 else { throw LabError("\(command[0]) cannot be started: \(String(cString: strerror(-result)))") }
    return result
  }
}
