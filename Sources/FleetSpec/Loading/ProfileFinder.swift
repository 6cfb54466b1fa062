import Foundation

/// Finds firmware profiles by name: in the fleet file, then in folders.
struct ProfileFinder {
  struct Found {
    let name: String
    var value: ObjectValue
  }

  private(set) var errors: [SpecificationError] = []
  private let inline: [Value.Entry]
  private let folders: [String]

  /// - Parameters:
  ///   - inline: The entries of the fleet file's `profiles`.
  ///   - fleetFile: The path of the fleet file, as in messages.
  ///   - more: Folders that are searched last.
  init(inline: [Value.Entry], fleetFile: String, more: [String]) {
    self.inline = inline
    let folder = Paths.folder(of: fleetFile)
    folders = [Paths.join(folder, "firmware-profiles"), Paths.join(Paths.above(folder), "firmware-profiles")] + more
  }

  /// Looks up a name that stands at a place.
  ///
  /// - Returns: nil when there is no such profile, or when it has mistakes; then `errors` says which.
  mutating func find(_ name: String, at place: Place) -> Found? {
    if let entry = inline.first(where: { $0.key == name }) {
      return entry.value.object.map { Found(name: name, value: $0) }
    }
    for folder in folders {
      let path = Paths.join(folder, "\(name).yaml")
      guard FileManager.default.fileExists(atPath: path) else { continue }
      var loader = ProfileFile(path: path)
      let object = loader.load(from: place)
      errors += loader.errors
      return object.map { Found(name: name, value: $0) }
    }
    let known = knownNames()
    let names = known.isEmpty ? "a profile under 'profiles' or in one of these folders" : "one of \(known.joined(separator: ", "))"
    errors.append(
      SpecificationError(
        place, "there is no firmware profile '\(name)'; searched 'profiles' of the fleet file, \(folders.joined(separator: ", "))",
        expected: names, suggestion: Suggestion.didYouMean(name, among: known)))
    return nil
  }

  private func knownNames() -> [String] {
    var names = inline.map(\.key)
    for folder in folders {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for file in files.sorted() where file.hasSuffix(".yaml") {
        let name = String(file.dropLast(5))
        if !names.contains(name) { names.append(name) }
      }
    }
    return names
  }
}

/// One profile in a file of its own.
struct ProfileFile {
  let path: String
  private(set) var errors: [SpecificationError] = []

  init(path: String) {
    self.path = path
  }

  /// The profile's name as its file gives it.
  var name: String {
    let file = Paths.lastPart(path)
    return file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file.hasSuffix(".yml") ? String(file.dropLast(4)) : file
  }

  /// Reads and checks the file.
  ///
  /// - Returns: The values; nil or incomplete when there are errors.
  mutating func load(from place: Place? = nil) -> ObjectValue? {
    var resolver = IncludeResolver()
    let node = resolver.load(path, from: place)
    errors += resolver.errors
    guard let node, errors.isEmpty else { return nil }
    var validator = Validator()
    let value = validator.validate(node, as: .object(ProfileDescription.file), "the profile")
    errors += validator.errors
    guard let object = value.object else { return nil }
    var checker = ProfileChecker()
    checker.check(object, name: name, nameSource: "its file")
    errors += checker.errors
    return object
  }
}
