import FleetSpec
import Foundation

/// `log.ndjson`: one line for each notable event of a run, for people and machines. Never holds a secret.
final class RunLog {
  private let file: FileHandle

  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
      throw RunError.usage("cannot write \(path); choose a writable folder with --out")
    }
    self.file = file
  }

  func write(_ event: String, _ fields: [(String, String)] = []) {
    var line = "{\"at\":\"\(UTC.iso(SimulatedClock.wallMilliseconds()))\",\"event\":\"\(event)\""
    for (key, value) in fields { line += ",\"\(key)\":\(Self.quoted(value))" }
    // The log is a convenience: a full disk shows in the ledger, which decides.
    try? file.write(contentsOf: Data((line + "}\n").utf8))
  }

  private static func quoted(_ text: String) -> String {
    let data = try? JSONEncoder().encode(text)
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
