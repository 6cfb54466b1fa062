/// JSON with its keys in the order in which they were written.
indirect enum JSONText {
  case text(String)
  case number(Double)
  case integer(Int)
  case boolean(Bool)
  case list([JSONText])
  case object([(String, JSONText)])

  /// Two spaces per level, one line per element, lists of plain values on one line.
  func printed(_ indent: Int = 0) -> String {
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let number): return Units.format(number)
    case .integer(let number): return String(number)
    case .boolean(let flag): return flag ? "true" : "false"
    case .list(let items) where items.allSatisfy(\.isPlain):
      return "[\(items.map { $0.printed() }.joined(separator: ", "))]"
    case .list(let items):
      return "[\n" + items.map { inner + $0.printed(indent + 2) }.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let entries) where entries.isEmpty: return "{}"
    case .object(let entries):
      return "{\n" + entries.map { "\(inner)\(Self.quoted($0)): \($1.printed(indent + 2))" }.joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
