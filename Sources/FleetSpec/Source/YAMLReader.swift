import Foundation
import Yams

/// Turns YAML text into `SourceNode`, mistakes into `SpecificationError`.
struct YAMLReader {
  /// How the text's places are labelled.
  let file: String
  /// When set, every node gets this place instead of its position; used for values from the command line.
  var fixedPlace: Place?
  private(set) var errors: [SpecificationError] = []
  /// Keys that were renamed while looking for duplicates: position to original key.
  private var renamed: [String: String] = [:]
  private var lines: [Substring] = []

  init(file: String, fixedPlace: Place? = nil) {
    self.file = file
    self.fixedPlace = fixedPlace
  }

  /// Reads the one document of a text.
  ///
  /// - Returns: nil when there is nothing in it, or when the YAML is broken; then `errors` says why.
  mutating func read(_ text: String) -> SourceNode? {
    var yaml = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    while true {
      do {
        guard let root = try Yams.compose(yaml: yaml) else { return nil }
        lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        return convert(root)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        // Yams stops at the first duplicate and names only one of its places. The key is renamed, so that the rest can
        // be read; `entries(of:)` finds the duplicate again and knows both places.
        guard let key = keys.first, let next = Self.rename(yaml, context.mark, key) else {
          report(context.mark, "duplicate key '\(keys.joined(separator: "', '"))'", suggestion: "keep one of them")
          return nil
        }
        renamed["\(context.mark)"] = key
        yaml = next
      } catch let error as YamlError {
        reportSyntax(error, text: yaml)
        return nil
      } catch {
        errors.append(SpecificationError(.whole(file), "cannot be read as YAML: \(error)"))
        return nil
      }
    }
  }

  private func place(_ mark: Mark?) -> Place {
    if let fixedPlace { return fixedPlace }
    guard let mark else { return .whole(file) }
    return Place(file: file, line: mark.line, column: mark.column)
  }

  private mutating func report(_ mark: Mark?, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place(mark), problem, expected: expected, suggestion: suggestion))
  }

  private mutating func convert(_ node: Node) -> SourceNode {
    switch node {
    case .scalar(let scalar):
      let plain = scalar.style == .plain || scalar.style == .any
      return SourceNode(content: .scalar(scalar.string, plain: plain), place: place(scalar.mark), blockStart: blockStart(scalar))
    case .sequence(let sequence):
      var items: [SourceNode] = []
      for item in sequence { items.append(convert(item)) }
      return SourceNode(content: .list(items), place: place(sequence.mark))
    case .mapping(let mapping):
      return SourceNode(content: .map(entries(of: mapping)), place: place(mapping.mark))
    case .alias(let alias):
      return SourceNode(content: .scalar(alias.anchor.rawValue, plain: true), place: place(alias.mark))
    }
  }

  /// Where the first line of a literal block begins: its indentation is that of the first line that is not empty.
  private func blockStart(_ scalar: Node.Scalar) -> Place? {
    guard scalar.style == .literal, fixedPlace == nil, let mark = scalar.mark, mark.line < lines.count else { return nil }
    let first = lines[mark.line...].first { $0.contains { $0 != " " } } ?? ""
    return Place(file: file, line: mark.line + 1, column: first.prefix { $0 == " " }.count + 1)
  }

  private mutating func entries(of mapping: Node.Mapping) -> [SourceNode.Entry] {
    var result: [SourceNode.Entry] = []
    var inherited: [SourceNode] = []
    for (keyNode, valueNode) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        report(keyNode.mark, "a key that is itself a list or a mapping", expected: "a plain word as the key")
        continue
      }
      let value = convert(valueNode)
      let key = scalar.mark.flatMap { renamed["\($0)"] } ?? scalar.string
      if key == "<<", scalar.style == .plain {
        if case .list(let bases) = value.content { inherited += bases } else { inherited.append(value) }
        continue
      }
      if let first = result.first(where: { $0.key == key }) {
        report(scalar.mark, "duplicate key '\(key)', which already stands at \(first.keyPlace)", suggestion: "keep one of them")
        continue
      }
      result.append(SourceNode.Entry(key: key, keyPlace: place(scalar.mark), value: value))
    }
    for base in inherited {
      for entry in base.entries ?? [] where !result.contains(where: { $0.key == entry.key }) { result.append(entry) }
    }
    return result
  }

  /// Overwrites the key at a position with as many characters of the private use area, so that nothing else moves.
  private static func rename(_ yaml: String, _ mark: Mark, _ key: String) -> String? {
    var lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
    guard mark.line >= 1, mark.line <= lines.count else { return nil }
    var start = mark.column - 1
    let length = key.unicodeScalars.count
    guard length > 0, start >= 0, start + length <= lines[mark.line - 1].count else { return nil }
    if lines[mark.line - 1][start] == "\"" || lines[mark.line - 1][start] == "'" { start += 1 }
    guard start + length <= lines[mark.line - 1].count, Array(lines[mark.line - 1][start..<start + length]) == Array(key.unicodeScalars)
    else { return nil }
    // A different character for each line, so that three equal keys get three different names.
    guard let filler = Unicode.Scalar(0xE000 + UInt32(mark.line % 0x1000)) else { return nil }
    for index in start..<start + length { lines[mark.line - 1][index] = filler }
    return lines.map { line in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: line)
      return String(text)
    }.joined(separator: "\n")
  }

  private mutating func reportSyntax(_ error: YamlError, text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if problem.contains("another document") {
        report(mark, "a second YAML document begins here", expected: "a single one", suggestion: "remove the '---'")
        return
      }
      if Self.hasTabIndentation(mark, text) {
        report(mark, "a tab in the indentation", expected: "spaces", suggestion: "indent with two spaces per level")
        return
      }
      let during = context.map { " \($0.text) that begins at line \($0.mark.line), column \($0.mark.column)" } ?? ""
      report(mark, "invalid YAML: \(problem)\(during)", suggestion: Self.advice(problem))
    case .reader(let problem, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let line = before.split(separator: "\n", omittingEmptySubsequences: false)
      let column = (line.last?.unicodeScalars.count ?? 0) + 1
      let place = fixedPlace ?? Place(file: file, line: max(line.count, 1), column: column)
      errors.append(
        SpecificationError(
          place, "invalid YAML: \(problem)", expected: "printable text in UTF-8", suggestion: "remove the character"))
    default:
      errors.append(SpecificationError(.whole(file), "cannot be read as YAML: \(error)"))
    }
  }

  private static func hasTabIndentation(_ mark: Mark, _ text: String) -> Bool {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = mark.line >= 1 && mark.line <= lines.count ? lines[mark.line - 1] : ""
    return line.prefix { $0 == " " || $0 == "\t" }.contains("\t")
  }

  private static func advice(_ problem: String) -> String? {
    if problem.contains("mapping values are not allowed") {
      return "check the indentation, and quote a text that contains ': '"
    }
    if problem.contains("undefined alias") { return "define the anchor with '&name' before '*name'" }
    if problem.contains("cannot start any token") { return "quote a text that begins with this character" }
    if problem.contains("did not find expected") { return "check the indentation and the brackets of the lines above" }
    return nil
  }
}
