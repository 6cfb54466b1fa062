import Drawing
import FleetSpec

/// Quantities of one unit over time.
struct LinePanel: Panel {
  let title: String
  let height: Double
  private let series: [Series]
  /// As it is measured; the axis may use a larger one.
  private let unit: String
  private let axis: AxisUnit
  private let scale: NumberScale
  /// A horizontal line, in the unit of the data.
  private let limit: (value: Double, label: String)?
  /// For states: what the numbers of the axis mean.
  private let names: [Int: String]

  /// - Parameters:
  ///   - title: without the unit.
  ///   - startsAtZero: whether 0 belongs to the axis.
  init(
    title: String, unit: String, series: [Series], startsAtZero: Bool, limit: (value: Double, label: String)? = nil,
    names: [Int: String] = [:], height: Double = 64
  ) {
    let filled = series.filter { !$0.envelope.isEmpty }
    var low = filled.map { $0.envelope.range.lowerBound }.min() ?? 0
    var high = filled.map { $0.envelope.range.upperBound }.max() ?? 1
    if let limit, !filled.isEmpty {
      low = min(low, limit.value)
      high = max(high, limit.value * 1.02)
    }
    axis = AxisUnit(unit, magnitude: max(abs(low), abs(high)))
    self.names = names
    let steps = high - low
    self.height = max(
      height, Double(series.count) * Layout.legendRow + (limit == nil ? 4 : 18), names.isEmpty ? 0 : min(steps, 8) * 12 + 12)
    scale =
      names.isEmpty
      ? NumberScale(low * axis.factor...high * axis.factor, startsAtZero: startsAtZero, ticks: max(3, Int(self.height / 28)))
      : NumberScale(low - 0.25...high + 0.25, startsAtZero: false, ticks: Int(steps.rounded(.up)) + 1)
    self.title = axis.label.isEmpty ? title : "\(title), \(axis.label)"
    self.series = series
    self.unit = unit
    self.limit = limit
  }

  func draw(_ svg: MarkupWriter, in frame: Frame, time: TimeScale) {
    for tick in scale.ticks {
      let y = scale.y(tick, in: frame)
      svg.element(
        "path", ["class": "grid", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(y))h\(MarkupWriter.short(frame.width))"])
      let text = names.isEmpty ? Numbers.text(tick, decimals: scale.decimals) : names[Int(tick.rounded())] ?? Numbers.brief(tick)
      svg.text(text, x: frame.left - 7, y: y + 3.5, class: "tick", anchor: "end")
    }
    if let limit { draw(limit, svg, in: frame) }
    // The first series lies on top: AC power over the DC power that envelops it.
    for (index, item) in series.enumerated().reversed() { draw(item, index, svg, in: frame, time: time) }
    let letters = LetterPlacement(series, scale, axis.factor, frame, time)
    for letter in letters.places { svg.text(letter.text, x: letter.x, y: letter.y, class: "letter c\(letter.series)", anchor: "middle") }
    drawLegend(svg, in: frame, letters: letters.isNeeded)
    if series.allSatisfy(\.envelope.isEmpty) {
      svg.text(
        "no readings in this period", x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 + 4, class: "empty", anchor: "middle"
      )
    }
  }

  private func draw(_ limit: (value: Double, label: String), _ svg: MarkupWriter, in frame: Frame) {
    let y = scale.y(limit.value * axis.factor, in: frame)
    svg.element(
      "path", ["class": "limit", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(y))h\(MarkupWriter.short(frame.width))"])
  }

  private func draw(_ item: Series, _ index: Int, _ svg: MarkupWriter, in frame: Frame, time: TimeScale) {
    guard !item.envelope.isEmpty else { return }
    let tooltip = item.summary(unit: AxisUnit.pretty(unit), time)
    func path(_ name: String, _ data: String) {
      svg.element(
        "path",
        [
          "class": name, "d": data, "data-series": item.name, "data-lowest": Numbers.plain(item.envelope.lowest.value, item.decimals),
          "data-highest": Numbers.plain(item.envelope.highest.value, item.decimals),
        ], title: tooltip)
    }
    switch item.kind {
    case .line: path("line s\(index % 6)", item.line(scale, axis.factor, in: frame, time))
    case .step: path("line s\(index % 6)", item.steps(scale, axis.factor, in: frame, time))
    case .reference: path("reference", item.means(scale, axis.factor, in: frame, time))
    case .band:
      path("band f\(index % 6)", item.outline(scale, axis.factor, in: frame, time))
      svg.element("path", ["class": "line s\(index % 6)", "d": item.means(scale, axis.factor, in: frame, time)], title: tooltip)
    }
  }

  private func drawLegend(_ svg: MarkupWriter, in frame: Frame, letters: Bool) {
    for (index, item) in series.enumerated() {
      let y = frame.top + Double(index) * Layout.legendRow + 11
      let x = frame.right + 12
      let swatch = item.kind == .reference ? "reference" : "line s\(index % 6)"
      if item.kind == .band {
        svg.rectangle(Frame(left: x, top: y - 8, width: 18, height: 9), class: "band f\(index % 6)")
      }
      svg.element("path", ["class": swatch, "d": "M\(MarkupWriter.short(x)) \(MarkupWriter.short(y - 3.5))h18"])
      if letters && item.kind != .reference {
        svg.text(LetterPlacement.letter(index), x: x + 9, y: y + 0.5, class: "letter c\(index % 6)", anchor: "middle")
      }
      svg.text(item.name, x: x + 25, y: y, class: "name")
      let range = item.envelope.isEmpty ? "no readings" : rangeText(item)
      svg.text(range, x: x + 25, y: y + 12, class: "note")
    }
    if let limit {
      let (x, y) = (frame.right + 12, frame.top + Double(series.count) * Layout.legendRow + 11)
      svg.element("path", ["class": "limit", "d": "M\(MarkupWriter.short(x)) \(MarkupWriter.short(y - 3.5))h18"])
      svg.text(limit.label, x: x + 25, y: y, class: "note")
    }
  }

  private func rangeText(_ item: Series) -> String {
    if !names.isEmpty {
      let (low, high) = (Int(item.envelope.lowest.value), Int(item.envelope.highest.value))
      return "\(names[low] ?? "\(low)") … \(names[high] ?? "\(high)")"
    }
    let decimals = axis.factor == 1 ? item.decimals : max(2, scale.decimals + 1)
    let low = Numbers.text(item.envelope.lowest.value * axis.factor, decimals: decimals)
    let high = Numbers.text(item.envelope.highest.value * axis.factor, decimals: decimals)
    return low == high ? "\(low) \(axis.label)" : "\(low) … \(high) \(axis.label)"
  }
}
