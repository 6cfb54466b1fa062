import Foundation

/// Reads a YAML file and everything that it includes.
struct IncludeResolver {
  private(set) var errors: [SpecificationError] = []
  /// Absolute paths of the files that are being read, outermost first.
  private var open: [String] = []

  /// Reads a file and lays it over the files that it includes.
  ///
  /// - Parameters:
  ///   - file: The path as it shall stand in messages.
  ///   - origin: Where the file was asked for, for the message when it cannot be read.
  /// - Returns: nil when there is nothing that could be validated; then `errors` says why.
  mutating func load(_ file: String, from origin: Place? = nil) -> SourceNode? {
    let place = origin ?? .whole(file)
    let absolute = Paths.absolute(file)
    if open.contains(absolute) {
      errors.append(
        SpecificationError(
          place, "'\(file)' includes itself: \((open + [absolute]).map(Paths.lastPart).joined(separator: " -> "))",
          suggestion: "remove one of these includes"))
      return nil
    }
    guard let text = readText(file, place) else { return nil }
    var reader = YAMLReader(file: file)
    let node = reader.read(text)
    errors += reader.errors
    guard let node else {
      if reader.errors.isEmpty {
        errors.append(SpecificationError(.whole(file), "the file is empty", expected: "YAML of the form 'key: value'"))
      }
      return nil
    }
    open.append(absolute)
    defer { open.removeLast() }
    let expanded = expandProfiles(of: node, file: file)
    guard let include = expanded["include"] else { return expanded }
    return merge(expanded.removing("include"), over: include, file: file)
  }

  /// Lays inline profiles over the files that they include; the name of such a profile is its key, not that of the file.
  private mutating func expandProfiles(of root: SourceNode, file: String) -> SourceNode {
    guard var entries = root.entries, let index = entries.firstIndex(where: { $0.key == "profiles" }),
      var profiles = entries[index].value.entries
    else { return root }
    for position in profiles.indices {
      let profile = profiles[position].value
      guard let include = profile["include"] else { continue }
      profiles[position].value = merge(profile.removing("include"), over: include, file: file, ignoring: "profile")
    }
    entries[index].value.content = .map(profiles)
    return SourceNode(content: .map(entries), place: root.place)
  }

  /// - Parameter ignoring: A key of the included files that is not taken over.
  private mutating func merge(
    _ node: SourceNode, over include: SourceNode, file: String, ignoring: String? = nil
  ) -> SourceNode {
    guard case .list(let items) = include.content else {
      if !include.isNull {
        let problem = include.isEmpty ? "'include' has no value" : "'include' is \(include.kind)"
        errors.append(SpecificationError(include.place, problem, expected: "a list of file names such as [base.yaml]"))
      }
      return node
    }
    var base: SourceNode?
    for item in items {
      guard case .scalar(let path, _) = item.content, !path.isEmpty else {
        errors.append(
          SpecificationError(item.place, "'include' holds \(item.isEmpty ? "an empty item" : item.kind)", expected: "file names"))
        continue
      }
      guard let included = load(Paths.resolve(path, besideFile: file), from: item.place) else { continue }
      base = base?.merged(under: included) ?? included
    }
    if let ignoring { base = base?.removing(ignoring) }
    return base?.merged(under: node) ?? node
  }

  private mutating func readText(_ file: String, _ place: Place) -> String? {
    guard let data = FileManager.default.contents(atPath: file) else {
      let folder = FileManager.default.fileExists(atPath: file)
      errors.append(
        SpecificationError(
          place, folder ? "'\(file)' is a folder or cannot be read" : "there is no file '\(file)'", expected: "a readable YAML file",
          suggestion: folder ? nil : Self.neighbour(of: file)))
      return nil
    }
    guard let text = String(data: data, encoding: .utf8) else {
      errors.append(SpecificationError(place, "'\(file)' is not text in UTF-8", expected: "a YAML file in UTF-8"))
      return nil
    }
    return text
  }

  private static func neighbour(of file: String) -> String? {
    let folder = Paths.folder(of: file)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let candidates = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
    return Suggestion.didYouMean(Paths.lastPart(file), among: candidates)
  }
}
