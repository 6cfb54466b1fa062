import Drawing

/// Writes HTML that is well-formed XML too, so that any parser can check it.
struct HTMLWriter {
  let out: MarkupWriter

  /// An element that holds text only.
  func text(_ name: String, _ content: String, class style: String = "", title: String = "") {
    out.raw("<\(name)\(Self.attributes(style, title))>\(MarkupWriter.escaped(content))</\(name)>\n")
  }

  /// An element that holds others.
  func block(_ name: String, class style: String = "", id: String = "", _ body: () -> Void) {
    let identifier = id.isEmpty ? "" : " id=\"\(MarkupWriter.escaped(id))\""
    out.raw("<\(name)\(identifier)\(Self.attributes(style, ""))>\n")
    body()
    out.raw("</\(name)>\n")
  }

  private static func attributes(_ style: String, _ title: String) -> String {
    (style.isEmpty ? "" : " class=\"\(MarkupWriter.escaped(style))\"") + (title.isEmpty ? "" : " title=\"\(MarkupWriter.escaped(title))\"")
  }

  /// A chapter with a heading, and below it what it is about.
  func section(_ id: String, _ heading: String, _ lead: String = "", _ body: () -> Void) {
    block("section", id: id) {
      text("h2", heading)
      if !lead.isEmpty { text("p", lead, class: "lead") }
      body()
    }
  }

  struct Cell {
    var text: String
    var style = ""
    var title = ""
    /// XML that stands in place of the text.
    var raw: String?

    init(_ text: String, _ style: String = "", title: String = "") {
      self.text = text
      self.style = style
      self.title = title
    }

    /// A number, to the right.
    static func number(_ text: String, _ style: String = "") -> Cell { Cell(text, style.isEmpty ? "n" : "n " + style) }

    static func xml(_ raw: String, _ style: String = "") -> Cell {
      var cell = Cell("", style)
      cell.raw = raw
      return cell
    }
  }

  struct Row {
    var style = ""
    /// The first is the row's heading.
    var cells: [Cell]
  }

  /// - Parameter head: may be empty.
  func table(_ head: [Cell], _ rows: [Row], class style: String = "") {
    block("div", class: "scroll") {
      block("table", class: style) {
        if !head.isEmpty {
          block("thead") {
            block("tr") { for cell in head { write(cell, "th", scope: "col") } }
          }
        }
        block("tbody") {
          for row in rows {
            block("tr", class: row.style) {
              for (index, cell) in row.cells.enumerated() { write(cell, index == 0 ? "th" : "td", scope: index == 0 ? "row" : "") }
            }
          }
        }
      }
    }
  }

  private func write(_ cell: Cell, _ name: String, scope: String) {
    let scope = scope.isEmpty ? "" : " scope=\"\(scope)\""
    out.raw("<\(name)\(scope)\(Self.attributes(cell.style, cell.title))>\(cell.raw ?? MarkupWriter.escaped(cell.text))</\(name)>")
  }

  /// A diagram under its title; in its place a sentence when there is nothing to draw.
  func figure(_ title: String, _ note: String, nothing: String?, _ draw: () -> Void) {
    block("figure") {
      out.raw("<figcaption><b>\(MarkupWriter.escaped(title))</b> <span>\(MarkupWriter.escaped(note))</span></figcaption>\n")
      if let nothing { text("p", nothing, class: "nothing") } else { draw() }
    }
  }
}
