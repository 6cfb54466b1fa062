import Drawing

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

  func draw(_ svg: MarkupWriter, in frame: Frame, time: TimeScale) {
    for tick in scale.ticks {
      let y = scale.y(tick, in: frame)
      svg.element(
        "path", ["class": "grid", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(y))h\(MarkupWriter.short(frame.width))"])
      svg.text(Numbers.text(tick, decimals: scale.decimals), x: frame.left - 7, y: y + 3.5, class: "tick", anchor: "end")
    }
    var below = [Double](repeating: 0, count: layers.first?.values.count ?? 0)
    for (index, layer) in layers.enumerated() {
      let above = zip(below, layer.values).map { $0 + $1 }
      let outline = StepArea.outline(below, above, in: frame) { scale.y($0, in: frame) }
      svg.element(
        "path", ["fill": "url(#\(layer.fill))", "class": "layer", "d": outline], title: "\(layer.name): \(layer.note)")
      below = above
      let y = frame.top + Double(index) * Layout.legendRow + 11
      let x = frame.right + 12
      svg.element(
        "rect", ["fill": "url(#\(layer.fill))", "x": MarkupWriter.short(x), "y": MarkupWriter.short(y - 9), "width": "18", "height": "11"])
      svg.text(layer.name, x: x + 25, y: y, class: "name")
      svg.text(layer.note, x: x + 25, y: y + 12, class: "note")
    }
    if layers.isEmpty {
      svg.text("no outages planned", x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 + 4, class: "empty", anchor: "middle")
    }
  }
}
