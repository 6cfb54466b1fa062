/// A text with placeholders in braces.
enum Template {
  enum Piece: Equatable {
    case literal(String)
    case placeholder(String, width: Int)
  }

  /// Takes a text apart.
  ///
  /// - Parameters:
  ///   - names: The placeholders that are known.
  ///   - format: Describes in the error what was expected.
  static func pieces(_ text: String, _ names: [String], _ format: TextFormat) throws(FormatError) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw FormatError("without the closing brace of a placeholder", expected: format.expectation)
      }
      let inner = rest[rest.index(after: open)..<close].split(separator: ":", omittingEmptySubsequences: false)
      let name = String(inner.first ?? "")
      guard names.contains(name) else {
        throw FormatError(
          "with the unknown placeholder '{\(name)}'", expected: format.expectation,
          suggestion: Suggestion.nearest(name, among: names).map { "did you mean '{\($0)}'?" })
      }
      var width = 1
      if inner.count > 1 {
        guard name == "n", inner.count == 2, let digits = Int(inner[1]), (1...9).contains(digits) else {
          throw FormatError("with a placeholder whose width cannot be used", expected: "{n:1} to {n:9}")
        }
        width = digits
      }
      pieces.append(.placeholder(name, width: width))
      rest = rest[rest.index(after: close)...]
    }
    if let brace = rest.first(where: { $0 == "}" }) {
      throw FormatError("with a '\(brace)' that closes nothing", expected: format.expectation)
    }
    if !rest.isEmpty { pieces.append(.literal(String(rest))) }
    return pieces
  }

  /// Puts a number and a site into the pattern of an identifier.
  static func expand(_ pieces: [Piece], number: Int, site: String) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .literal(let text): result += text
      case .placeholder("n", let width): result += Units.padded(Int64(number), width)
      case .placeholder: result += site
      }
    }
    return result
  }
}
