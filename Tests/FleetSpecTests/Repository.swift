import Foundation

/// Where the files of this repository are.
enum Repository {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  static let quickstart = root.appendingPathComponent("fleets/quickstart.yaml").path

  /// The names of the fleet files that ship.
  static func fleets() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("fleets").path).filter { $0.hasSuffix(".yaml") }
      .sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }
}

/// A folder that is removed when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("heliograph-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }
}

/// A fleet that is as small as one can be.
enum SmallFleet {
  static let profile = """
    sensors:
      - { name: temperature, measures: ambient_temperature, range: [-40, 80] }
    interval: 1s
    """

  static func yaml(_ more: String = "") -> String {
    """
    fleet: small
    duration: 10s
    sites:
      - { id: s1, latitude: 40, longitude: 3 }
    devices:
      - { profile: simple, count: 2, id: "d-{n}" }
    profiles:
      simple:
        interval: 1s
        sensors:
          - { name: temperature, measures: ambient_temperature, range: [-40, 80] }
    \(more)
    """
  }
}
