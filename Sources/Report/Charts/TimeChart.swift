import Drawing
import FleetSpec

/// Up to four quantities of one unit over time. They are told apart by stroke, by marker and by a label at their end, not by colour alone.
struct TimeChart {
  struct Series {
    /// Short: it stands in the margin.
    var name: String
    var values: RunFigures.Series
  }

  let label: String
  let grid: FigureGrid
  let series: [Series]
  let unit: ChartUnit
  var isLogarithmic = false

  var isEmpty: Bool { !series.contains { $0.values.contains { ($0 ?? 0) > 0 } } }

  private enum Scale {
    case linear(NumberScale)
    case logarithmic(LogScale)

    func y(_ value: Double, in frame: Frame) -> Double {
      switch self {
      case .linear(let scale): scale.y(value, in: frame)
      case .logarithmic(let scale): scale.y(value, in: frame)
      }
    }

    var ticks: [(value: Double, decimals: Int)] {
      switch self {
      case .linear(let scale): scale.ticks.map { ($0, scale.decimals) }
      case .logarithmic(let scale): scale.ticks.map { ($0, 0) }
      }
    }
  }

  private var scale: Scale {
    let values = series.flatMap { $0.values.compactMap { $0 } }
    let highest = values.max() ?? 1
    if isLogarithmic {
      return .logarithmic(LogScale((values.filter { $0 > 0 }.min() ?? 1)...max(highest, 1)))
    }
    return .linear(NumberScale(0...max(highest, unit == .count ? 1 : 0.01), startsAtZero: true, ticks: 4))
  }

  func draw(_ svg: MarkupWriter) {
    let chart = ChartFrame(grid: grid, label: label)
    chart.open(svg)
    let scale = scale
    for tick in scale.ticks {
      chart.horizontal(svg, y: scale.y(tick.value, in: chart.frame), label: unit.tick(tick.value, decimals: tick.decimals))
    }
    chart.drawTimeAxis(svg)
    for (index, item) in series.enumerated().reversed() { draw(item, index, scale, chart, svg) }
    drawLabels(scale, chart, svg)
    chart.drawHits(svg) { column in
      series.compactMap { item in item.values[column].map { "\(item.name): \(unit.text($0))" } }
    }
    svg.close()
  }

  private func draw(_ item: Series, _ index: Int, _ scale: Scale, _ chart: ChartFrame, _ svg: MarkupWriter) {
    var path = PathData()
    var isOpen = false
    var length = 0
    for column in item.values.indices {
      guard let value = item.values[column] else {
        if length == 1 { path.dot() }
        (isOpen, length) = (false, 0)
        continue
      }
      let (x, y) = (chart.x(column), scale.y(value, in: chart.frame))
      if isOpen { path.line(x, y) } else { path.move(x, y) }
      isOpen = true
      length += 1
    }
    if length == 1 { path.dot() }
    guard !path.text.isEmpty else { return }
    svg.element("path", ["class": "line s\(index) d\(index)", "d": path.text])
    guard series.count > 1 else { return }
    // Markers of different series stand at different places.
    let marks = 4.0
    for mark in 0..<Int(marks) {
      let share = (Double(mark) + (Double(index) + 0.5) / Double(series.count)) / marks
      let column = min(item.values.count - 1, Int(share * Double(item.values.count)))
      guard let value = item.values[column] else { continue }
      Marker.draw(svg, index, x: chart.x(column), y: scale.y(value, in: chart.frame))
    }
  }

  /// Names at the lines' ends, moved apart where lines are close.
  private func drawLabels(_ scale: Scale, _ chart: ChartFrame, _ svg: MarkupWriter) {
    var places: [(index: Int, y: Double)] = []
    for (index, item) in series.enumerated() {
      guard let last = item.values.last(where: { $0 != nil }) ?? nil else { continue }
      places.append((index, scale.y(last, in: chart.frame)))
    }
    // Of lines that end together, the last is named first: the greatest percentile lies on top.
    places.sort { ($0.y, -$0.index) < ($1.y, -$1.index) }
    let heights = ChartFrame.spread(places.map(\.y), apart: 14, from: chart.frame.top + 4, to: chart.frame.bottom)
    for (place, y) in zip(places, heights) {
      let x = chart.frame.right + 11
      if series.count > 1 { Marker.draw(svg, place.index, x: x, y: y) }
      svg.text(series[place.index].name, x: series.count > 1 ? x + 8 : x - 3, y: y + 4, class: "name")
    }
  }
}

/// Small shapes: circle, square, triangle, diamond.
enum Marker {
  static func draw(_ svg: MarkupWriter, _ index: Int, x: Double, y: Double) {
    var path = PathData()
    switch index % 4 {
    case 0:
      svg.element(
        "circle",
        ["class": "mark f0", "cx": MarkupWriter.short(x), "cy": MarkupWriter.short(y), "r": "3.2"])
      return
    case 1: path.rectangle(x - 2.9, y - 2.9, 5.8, 5.8)
    case 2:
      path.move(x, y - 3.9)
      path.line(x + 3.8, y + 2.9)
      path.line(x - 3.8, y + 2.9)
      path.close()
    default:
      path.move(x, y - 4)
      path.line(x + 4, y)
      path.line(x, y + 4)
      path.line(x - 4, y)
      path.close()
    }
    svg.element("path", ["class": "mark f\(index % 4)", "d": path.text])
  }
}
