import Testing

@testable import FleetSpec

/// The description of the file formats must be sound in itself.
@Suite struct DescriptionTests {
  @Test func everyDefaultIsValid() {
    func check(_ shape: Shape) {
      switch shape {
      case .object(let object):
        for field in object.fields {
          if case .standard(let text) = field.presence {
            var reader = YAMLReader(file: "default")
            let node = reader.read(text)
            var validator = Validator()
            if let node { _ = validator.validate(node, as: field.shape, field.key) }
            #expect(node != nil && validator.errors.isEmpty, "\(object.name).\(field.key): \(validator.errors)")
          }
          #expect(!field.documentation.isEmpty)
          check(field.shape)
        }
      case .list(let item, _), .keyword(_, let item), .map(_, let item), .pair(let item), .oneOrPair(let item): check(item)
      default: break
      }
    }
    check(.object(FleetDescription.shape))
    check(.object(ProfileDescription.file))
  }

  @Test func everyVerdictOfTheStandardLimitsIsKnown() {
    #expect(FleetDescription.broken.allSatisfy(FleetDescription.verdicts.contains))
  }
}
