/// Colour and hatch of a kind of trouble: each can be told from the others without colour.
package enum Hatch: String, Sendable, CaseIterable {
  case solid, rising, falling, upright, level, crossed, dotted, sparse

  /// What is drawn over the colour, in a tile of 6 x 6 pixels.
  private var strokes: String {
    switch self {
    case .solid: ""
    case .rising: "<path class=\"hatch\" d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\"/>"
    case .falling: "<path class=\"hatch\" d=\"M-1 -1L7 7M5 -1L7 1M-1 5L1 7\"/>"
    case .upright: "<path class=\"hatch\" d=\"M1.5 0V6M4.5 0V6\"/>"
    case .level: "<path class=\"hatch\" d=\"M0 1.5H6M0 4.5H6\"/>"
    case .crossed: "<path class=\"hatch\" d=\"M0 1.5H6M0 4.5H6M1.5 0V6M4.5 0V6\"/>"
    case .dotted: "<path class=\"hatch dots\" d=\"M1.5 1.5h.1M4.5 4.5h.1\"/>"
    case .sparse: "<path class=\"hatch\" d=\"M3 0V6\"/>"
    }
  }

  /// The definition that `fill="url(#...)"` refers to.
  package func definition(id: String, fill: String) -> String {
    "<pattern id=\"\(id)\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect class=\"\(fill)\" width=\"6\" height=\"6\"/>\(strokes)</pattern>\n"
  }
}
