/// How many devices are concerned by each of several causes, stacked.
struct StackPanel: Panel {
  struct Layer {
    var name: String
    var note: String
    /// A fill of `Style`.
    var fill: String
    /// Mean number of devices in each column.
    var values: [Double]
  }
  let title: String
  let layers: [Layer]
  private let scale: NumberScale

  init(title: String, layers: [Layer], columns: Int) {
    self.title = title
    self.layers = layers
    let totals = (0..<columns).map { column in layers.reduce(0) { $0 + $1.values[column] } }
    scale = NumberScale(0...max(1, totals.max() ?? 0), startsAtZero: true, ticks: 4)
  }

  var height: Double { max(110, Double(layers.count) * Layout.legendRow + 4) }

  func draw(_ svg: SVGWriter, in frame: Frame, time: TimeScale) {
    for tick in scale.ticks {
      let y = scale.y(tick, in: frame)
      svg.element("path", ["class": "grid", "d": "M\(SVGWriter.short(frame.left)) \(SVGWriter.short(y))h\(SVGWriter.short(frame.width))"])
      svg.text(Numbers.text(tick, decimals: scale.decimals), x: frame.left - 7, y: y + 3.5, class: "tick", anchor: "end")
    }
    var below = [Double](repeating: 0, count: layers.first?.values.count ?? 0)
    for (index, layer) in layers.enumerated() {
      let above = zip(below, layer.values).map { $0 + $1 }
      svg.element(
        "path", ["fill": "url(#\(layer.fill))", "class": "layer", "d": outline(below, above, in: frame)],
        title: "\(layer.name): \(layer.note)")
      below = above
      let y = frame.top + Double(index) * Layout.legendRow + 11
      let x = frame.right + 12
      svg.element(
        "rect", ["fill": "url(#\(layer.fill))", "x": SVGWriter.short(x), "y": SVGWriter.short(y - 9), "width": "18", "height": "11"])
      svg.text(layer.name, x: x + 25, y: y, class: "name")
      svg.text(layer.note, x: x + 25, y: y + 12, class: "note")
    }
    if layers.isEmpty {
      svg.text("no outages planned", x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 + 4, class: "empty", anchor: "middle")
    }
  }

  /// The area between two step lines, in runs where it is not empty.
  private func outline(_ below: [Double], _ above: [Double], in frame: Frame) -> String {
    var path = PathData()
    let width = frame.width / Double(max(1, below.count))
    var column = 0
    while column < below.count {
      guard above[column] > below[column] else {
        column += 1
        continue
      }
      let start = column
      while column < below.count && above[column] > below[column] { column += 1 }
      path.move(frame.left + Double(start) * width, scale.y(above[start], in: frame))
      for index in start..<column {
        if index > start && above[index] != above[index - 1] {
          path.horizontal(frame.left + Double(index) * width)
          path.vertical(scale.y(above[index], in: frame))
        }
      }
      path.horizontal(frame.left + Double(column) * width)
      for index in (start..<column).reversed() {
        if index == column - 1 || below[index] != below[index + 1] {
          if index < column - 1 { path.horizontal(frame.left + Double(index + 1) * width) }
          path.vertical(scale.y(below[index], in: frame))
        }
      }
      path.horizontal(frame.left + Double(start) * width)
      path.close()
    }
    return path.text
  }
}
