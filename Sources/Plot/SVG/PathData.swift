/// The `d` of a path, with a dot where a stretch is a single point.
struct PathData {
  private(set) var text = ""

  mutating func move(_ x: Double, _ y: Double) { text += "M\(SVGWriter.short(x)) \(SVGWriter.short(y))" }
  mutating func line(_ x: Double, _ y: Double) { text += "L\(SVGWriter.short(x)) \(SVGWriter.short(y))" }
  mutating func horizontal(_ x: Double) { text += "H\(SVGWriter.short(x))" }
  mutating func vertical(_ y: Double) { text += "V\(SVGWriter.short(y))" }
  mutating func close() { text += "Z" }
  /// Too short to be seen as a line, but round line ends make a dot of it.
  mutating func dot() { text += "h.1" }
}

extension PathData {
  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    move(x, y)
    text += "h\(SVGWriter.short(width))v\(SVGWriter.short(height))h\(SVGWriter.short(-width))Z"
  }
}
