/// The `d` of a path, with a dot where a stretch is a single point.
package struct PathData {
  package private(set) var text = ""

  package init() {}

  package mutating func move(_ x: Double, _ y: Double) { text += "M\(MarkupWriter.short(x)) \(MarkupWriter.short(y))" }
  package mutating func line(_ x: Double, _ y: Double) { text += "L\(MarkupWriter.short(x)) \(MarkupWriter.short(y))" }
  package mutating func horizontal(_ x: Double) { text += "H\(MarkupWriter.short(x))" }
  package mutating func vertical(_ y: Double) { text += "V\(MarkupWriter.short(y))" }
  package mutating func close() { text += "Z" }
  /// Too short to be seen as a line, but round line ends make a dot of it.
  package mutating func dot() { text += "h.1" }
}

extension PathData {
  package mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    move(x, y)
    text += "h\(MarkupWriter.short(width))v\(MarkupWriter.short(height))h\(MarkupWriter.short(-width))Z"
  }
}
