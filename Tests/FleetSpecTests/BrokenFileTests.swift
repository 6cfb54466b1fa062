import Foundation
import Testing

@testable import FleetSpec

/// Every file in `Broken` has one mistake and must give exactly one error, the one in the sibling `.expected`.
@Suite struct BrokenFileTests {
  static let folder = Repository.tests.appendingPathComponent("Broken").path
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func thereAreManyOfThem() {
    #expect(Self.names.count >= 40)
  }

  @Test(arguments: names) func givesOneClearError(name: String) throws {
    let path = "\(Self.folder)/\(name).yaml"
    var message = "no error"
    do {
      _ = try FleetLoader.load(path: path)
    } catch {
      message = error.description.replacing("\(Self.folder)/", with: "")
        .replacing("\(Repository.tests.path)/", with: "../")
    }
    let expectedFile = URL(fileURLWithPath: "\(Self.folder)/\(name).expected")
    if ProcessInfo.processInfo.environment["HELIOGRAPH_REGENERATE"] == "1" {
      try (message + "\n").write(to: expectedFile, atomically: true, encoding: .utf8)
    }
    #expect(message + "\n" == (try String(contentsOf: expectedFile, encoding: .utf8)))
    #expect(message.split(separator: "\n").count == 1)
    #expect(message.hasPrefix("\(name).yaml"))
    #expect(!message.contains("hunter2"), "a secret must not be repeated")
  }
}
