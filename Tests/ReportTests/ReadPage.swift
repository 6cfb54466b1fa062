import Drawing
import Foundation
import Report
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page or a document read back with an XML parser.
final class ReadPage: NSObject, XMLParserDelegate {
  private(set) var text = ""
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// The cells of each row of all tables.
  private(set) var rows: [[String]] = []
  private(set) var headings: [String] = []
  /// What the page says, a line for each heading, paragraph, point of a list and row of a table; diagrams are left out.
  private(set) var outline: [String] = []
  private var line = ""
  private var depthOfDrawing = 0
  private var content = ""
  private var isInCell = false

  convenience init(_ report: HTMLReport) throws {
    try self.init(String(decoding: try Self.bytes(report), as: UTF8.self))
  }

  init(_ text: String) throws {
    super.init()
    self.text = text
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    try #require(parser.parse(), "not well-formed: \(parser.parserError.map { "\($0)" } ?? "") at line \(parser.lineNumber)")
  }

  static func bytes(_ report: HTMLReport) throws -> Data {
    var data = Data()
    let writer = MarkupWriter { data.append(contentsOf: $0) }
    report.write(to: writer)
    try writer.finish()
    return data
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    elements.append((name, attributes))
    if name == "svg" || name == "style" { depthOfDrawing += 1 }
    if Self.lines.contains(name) { endLine(name == "tr" ? "" : name) }
    if ["td", "th"].contains(name), !line.hasSuffix(" ") { line += " | " }
    if name == "tr" { rows.append([]) }
    if ["td", "th"].contains(name) { isInCell = true }
    if ["td", "th", "h2"].contains(name) { content = "" }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    content += string
    if depthOfDrawing == 0 { line += string.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }

  private static let lines: Set<String> = ["h1", "h2", "h3", "p", "li", "tr", "dt", "dd", "figcaption", "pre"]

  private func endLine(_ next: String) {
    let text = line.split(separator: " ").joined(separator: " ")
    if !text.isEmpty, text != "p", text != "li" { outline.append(text) }
    line = next.isEmpty ? "" : next + " "
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "svg" || name == "style" { depthOfDrawing -= 1 }
    if name == "html" { endLine("") }
    if ["td", "th"].contains(name) {
      rows[rows.count - 1].append(content)
      isInCell = false
    }
    if name == "h2" { headings.append(content) }
  }

  /// The rows that begin with a text.
  func rows(_ first: String) -> [[String]] { rows.filter { $0.first == first } }
  func count(_ element: String) -> Int { elements.filter { $0.name == element }.count }
}
