/// One `--set path=value` of the command line.
struct Override {
  private enum Step {
    case key(String)
    case index(Int)
  }

  private let place: Place
  private let steps: [Step]
  private let value: SourceNode

  /// Reads `pipeline.settling=3s` or `devices[0].count=10`.
  init(_ text: String) throws(SpecificationErrors) {
    place = .whole(Self.label(text))
    let usage = "a path and a value, for example pipeline.settling=3s or devices[0].count=10"
    guard let equals = text.firstIndex(of: "="), let steps = Self.steps(text[..<equals]) else {
      throw SpecificationErrors([SpecificationError(place, "cannot be read as an override", expected: usage)])
    }
    self.steps = steps
    var reader = YAMLReader(file: place.file, fixedPlace: place)
    let valueText = String(text[text.index(after: equals)...])
    guard let value = reader.read(valueText) else {
      let problem = reader.errors.isEmpty ? [SpecificationError(place, "has no value after '='", expected: usage)] : reader.errors
      throw SpecificationErrors(problem)
    }
    self.value = value
  }

  /// The tree with the value put in its place; maps on the way that do not exist yet are made.
  func applied(to root: SourceNode) throws(SpecificationErrors) -> SourceNode {
    try apply(to: root, steps[...], path: "")
  }

  private func apply(to node: SourceNode?, _ rest: ArraySlice<Step>, path: String) throws(SpecificationErrors) -> SourceNode {
    guard let step = rest.first else { return value }
    switch step {
    case .key(let key):
      let deeper = path.isEmpty ? key : "\(path).\(key)"
      let exists = node.map { !$0.isNull && !$0.isEmpty } ?? false
      guard !exists || node?.entries != nil else {
        throw failure("'\(path)' is \(node?.kind ?? "nothing") and has no key '\(key)'")
      }
      var entries = node?.entries ?? []
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value = try apply(to: entries[index].value, rest.dropFirst(), path: deeper)
        if rest.count == 1 { entries[index].keyPlace = place }
      } else {
        let inner = try apply(to: nil, rest.dropFirst(), path: deeper)
        entries.append(SourceNode.Entry(key: key, keyPlace: place, value: inner))
      }
      return SourceNode(content: .map(entries), place: exists ? node?.place ?? place : place)
    case .index(let index):
      guard let node, case .list(var items) = node.content else {
        throw failure("'\(path)' is \(node?.kind ?? "not set") and has no items to pick by number")
      }
      guard items.indices.contains(index) else {
        throw failure("'\(path)' has \(items.count) items and none with the number \(index)", expected: "0...\(items.count - 1)")
      }
      items[index] = try apply(to: items[index], rest.dropFirst(), path: "\(path)[\(index)]")
      return SourceNode(content: .list(items), place: node.place)
    }
  }

  private func failure(_ problem: String, expected: String? = nil) -> SpecificationErrors {
    SpecificationErrors([SpecificationError(place, problem, expected: expected)])
  }

  /// The text as it stands in messages: whatever may be a secret is left out.
  private static func label(_ text: String) -> String {
    let path = text.prefix { $0 != "=" }
    let mayBeSecret = text.contains("password") || text.contains("@")
    return "--set \(mayBeSecret ? "\(path)=..." : text)"
  }

  private static func steps(_ path: Substring) -> [Step]? {
    var steps: [Step] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let key = pieces.first, !key.isEmpty else { return nil }
      steps.append(.key(String(key)))
      for piece in pieces.dropFirst() {
        guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else { return nil }
        steps.append(.index(index))
      }
    }
    return steps.isEmpty ? nil : steps
  }
}
