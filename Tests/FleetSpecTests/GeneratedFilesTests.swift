import Foundation
import Testing

@testable import FleetSpec

/// The committed schemas and the reference must be those that the model makes.
///
/// `HELIOGRAPH_REGENERATE=1 swift test --filter GeneratedFilesTests` writes them anew.
@Suite struct GeneratedFilesTests {
  static let files: [(path: String, text: String)] = [
    ("schemas/fleet.schema.json", SchemaGenerator.fleetSchema()),
    ("schemas/firmware-profile.schema.json", SchemaGenerator.firmwareProfileSchema()),
    ("docs/fleet-reference.md", ReferenceGenerator.fleetReference()),
  ]

  @Test(arguments: 0..<3) func committedFileIsUpToDate(index: Int) throws {
    let (path, text) = Self.files[index]
    if ProcessInfo.processInfo.environment["HELIOGRAPH_REGENERATE"] == "1" {
      let url = Repository.root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try Repository.text(path) == text, "run HELIOGRAPH_REGENERATE=1 swift test --filter GeneratedFilesTests")
  }

  @Test func schemasAreJSON() throws {
    for text in [SchemaGenerator.fleetSchema(), SchemaGenerator.firmwareProfileSchema()] {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(object["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
      let properties = try #require(object["properties"] as? [String: Any])
      for (_, property) in properties {
        #expect((property as? [String: Any])?["description"] as? String != nil)
      }
    }
  }

  @Test func everyKeyStandsInTheReference() {
    let reference = ReferenceGenerator.fleetReference()
    func check(_ shape: ObjectShape) {
      for field in shape.fields {
        #expect(reference.contains("| `\(field.key)` |"))
        if case .object(let inner) = field.shape { check(inner) }
        if case .list(.object(let inner), _) = field.shape { check(inner) }
        if case .keyword(_, .object(let inner)) = field.shape { check(inner) }
      }
    }
    check(FleetDescription.shape)
    check(ProfileDescription.file)
  }
}
