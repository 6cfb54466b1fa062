import Drawing

/// Counts of several kinds over time, one on top of the other; each has a hatch of its own.
struct StackChart {
  struct Layer {
    var name: String
    /// A pattern of `Patterns`.
    var fill: Patterns
    var values: RunFigures.Series
  }

  let label: String
  let grid: FigureGrid
  let layers: [Layer]

  var isEmpty: Bool { layers.isEmpty }

  /// Layers without a single count are left out.
  init(label: String, grid: FigureGrid, layers: [Layer]) {
    self.label = label
    self.grid = grid
    self.layers = layers.filter { $0.values.contains { ($0 ?? 0) > 0 } }
  }

  func draw(_ svg: MarkupWriter) {
    let chart = ChartFrame(grid: grid, label: label)
    let totals = (0..<grid.columns).map { column in layers.reduce(0) { $0 + ($1.values[column] ?? 0) } }
    let scale = NumberScale(0...max(1, totals.max() ?? 0), startsAtZero: true, ticks: 4)
    chart.open(svg)
    for tick in scale.ticks {
      chart.horizontal(svg, y: scale.y(tick, in: chart.frame), label: ChartUnit.count.tick(tick, decimals: scale.decimals))
    }
    chart.drawTimeAxis(svg)
    var below = [Double](repeating: 0, count: grid.columns)
    for layer in layers {
      let above = below.indices.map { below[$0] + (layer.values[$0] ?? 0) }
      let outline = StepArea.outline(below, above, in: chart.frame) { scale.y($0, in: chart.frame) }
      svg.element("path", ["fill": "url(#\(layer.fill.id))", "class": "layer", "d": outline])
      below = above
    }
    drawLabels(scale, chart, svg)
    chart.drawHits(svg) { column in
      guard layers.contains(where: { $0.values[column] != nil }) else { return [] }
      return layers.reversed().compactMap { layer in
        layer.values[column].flatMap { $0 > 0 ? "\(layer.name): \(ChartUnit.count.text($0))" : nil }
      }
    }
    svg.close()
  }

  /// A swatch and a name for each layer, in the order of the stack.
  private func drawLabels(_ scale: NumberScale, _ chart: ChartFrame, _ svg: MarkupWriter) {
    let heights = (0..<layers.count).map { chart.frame.top + 8 + Double($0) * 17 }
    for (layer, y) in zip(layers.reversed(), heights) {
      svg.element(
        "rect",
        [
          "fill": "url(#\(layer.fill.id))", "class": "swatch", "x": MarkupWriter.short(chart.frame.right + 6),
          "y": MarkupWriter.short(y - 6),
          "width": "13", "height": "11",
        ])
      svg.text(layer.name, x: chart.frame.right + 23, y: y + 4, class: "name")
    }
  }
}

/// Fills of a page, defined once for all its charts.
enum Patterns: Int, CaseIterable {
  case power, network, impaired, waiting, connecting, asleep

  var id: String { "h\(rawValue)" }

  private var hatch: Hatch {
    switch self {
    case .power: .crossed
    case .network: .rising
    case .impaired: .dotted
    case .waiting: .level
    case .connecting: .upright
    case .asleep: .solid
    }
  }

  static func write(_ svg: MarkupWriter) {
    svg.raw("<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n")
    for pattern in allCases { svg.raw(pattern.hatch.definition(id: pattern.id, fill: "p\(pattern.rawValue)")) }
    svg.raw("</defs></svg>\n")
  }
}
