/// Writes SVG, and HTML that is XML as well, piece by piece; what has gathered goes to a sink, so that a picture never lies in memory as a
/// whole.
public final class MarkupWriter {
  private var bytes: [UInt8] = []
  private let sink: (UnsafeRawBufferPointer) throws -> Void
  private var failure: (any Error)?
  private var names: [String] = []
  /// Bytes written so far.
  public private(set) var count = 0

  private static let piece = 1 << 16

  /// - Parameter sink: takes the next bytes; after it has thrown it is not called again, and `finish` throws its error.
  public init(_ sink: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.sink = sink
    bytes.reserveCapacity(2 * MarkupWriter.piece)
  }

  /// Hands on what is left.
  /// - Throws: the first error of the sink.
  public func finish() throws {
    flush()
    if let failure { throw failure }
  }

  /// Text that is XML already.
  package func raw(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    if bytes.count >= MarkupWriter.piece { flush() }
  }

  package func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    raw("<" + name + MarkupWriter.spelled(attributes) + ">\n")
    names.append(name)
  }

  package func close() {
    guard let name = names.popLast() else { return }
    raw("</\(name)>\n")
  }

  /// An element without children but, perhaps, a tooltip.
  package func element(_ name: String, _ attributes: KeyValuePairs<String, String>, title: String? = nil) {
    let start = "<" + name + MarkupWriter.spelled(attributes)
    raw(title.map { "\(start)><title>\(MarkupWriter.escaped($0))</title></\(name)>\n" } ?? "\(start)/>\n")
  }

  package func text(_ content: String, x: Double, y: Double, class name: String = "", anchor: String = "start") {
    let anchored = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
    let classed = name.isEmpty ? "" : " class=\"\(name)\""
    raw(
      "<text x=\"\(MarkupWriter.short(x))\" y=\"\(MarkupWriter.short(y))\"\(classed)\(anchored)>\(MarkupWriter.escaped(content))</text>\n")
  }

  package func rectangle(_ frame: Frame, class name: String, title: String? = nil) {
    element(
      "rect",
      [
        "class": name, "x": MarkupWriter.short(frame.left), "y": MarkupWriter.short(frame.top), "width": MarkupWriter.short(frame.width),
        "height": MarkupWriter.short(frame.height),
      ], title: title)
  }

  private func flush() {
    count += bytes.count
    if failure == nil {
      do {
        try bytes.withUnsafeBytes { try sink($0) }
      } catch {
        failure = error
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private static func spelled(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.reduce(into: "") { $0 += " \($1.key)=\"\(escaped($1.value))\"" }
  }

  /// Text as XML 1.0 allows it.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..<" ", "\u{FFFE}"..."\u{FFFF}": result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate, rounded to a tenth of a pixel.
  package static func short(_ value: Double) -> String {
    let tenths = Int((max(-1e6, min(1e6, value)) * 10).rounded())
    let whole = tenths.magnitude / 10
    let rest = tenths.magnitude % 10
    return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
  }
}

/// A rectangle of the picture, in pixels.
package struct Frame: Sendable, Equatable {
  package var left: Double
  package var top: Double
  package var width: Double
  package var height: Double
  package var right: Double { left + width }
  package var bottom: Double { top + height }

  package init(left: Double, top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }
}
