/// A piece of YAML that knows where it came from.
///
/// Mapping keys keep their order and have a place of their own, so that a misspelt key can be pointed at.
struct SourceNode: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    /// The text, and whether it stood there without quotes.
    case scalar(String, plain: Bool)
    case list([SourceNode])
    case map([Entry])
  }

  struct Entry: Sendable, Equatable {
    var key: String
    var keyPlace: Place
    var value: SourceNode
  }

  var content: Content
  var place: Place
  /// Where the first line of a literal block (`|`) begins; each further line begins in the same column.
  var blockStart: Place? = nil

  /// The entries when this is a map.
  var entries: [Entry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// The value under a key when this is a map that has it.
  subscript(key: String) -> SourceNode? {
    entries?.first { $0.key == key }?.value
  }

  /// Nothing stands behind the colon.
  var isEmpty: Bool {
    content == .scalar("", plain: true)
  }

  /// `null` or `~`: takes away what an included file set, or asks for the default.
  var isNull: Bool {
    content == .scalar("null", plain: true) || content == .scalar("~", plain: true)
  }

  static let scalarKind = "a single value"

  /// What this is, for messages.
  var kind: String {
    switch content {
    case .scalar: Self.scalarKind
    case .list: "a list"
    case .map: "a mapping"
    }
  }

  /// This node without a key, when it is a map.
  func removing(_ key: String) -> SourceNode {
    guard let entries else { return self }
    return SourceNode(content: .map(entries.filter { $0.key != key }), place: place)
  }

  /// This node without a key of one of its values.
  func removing(_ key: String, from outer: String) -> SourceNode {
    guard var entries, let index = entries.firstIndex(where: { $0.key == outer }) else { return self }
    entries[index].value = entries[index].value.removing(key)
    return SourceNode(content: .map(entries), place: place)
  }

  /// Lays another node over this one: maps are merged key by key, everything else is replaced.
  ///
  /// A secret reference (`{env: ...}` or `{file: ...}`) is replaced as a whole, for it may hold one of its keys only.
  func merged(under over: SourceNode) -> SourceNode {
    guard var result = entries, let added = over.entries, !isSecretReference, !over.isSecretReference else { return over }
    for entry in added {
      if let index = result.firstIndex(where: { $0.key == entry.key }) {
        result[index].value = result[index].value.merged(under: entry.value)
        result[index].keyPlace = entry.keyPlace
      } else {
        result.append(entry)
      }
    }
    return SourceNode(content: .map(result), place: over.place)
  }

  private var isSecretReference: Bool {
    guard let entries, !entries.isEmpty else { return false }
    return entries.allSatisfy { $0.key == "env" || $0.key == "file" }
  }
}
