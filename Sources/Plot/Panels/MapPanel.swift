import Drawing

/// Rows of devices over time, coloured by what keeps them from measuring or from being heard.
struct MapPanel: Panel {
  let title: String
  private let map: OutageMap

  private static let levels = 4

  init(title: String, map: OutageMap) {
    self.title = title
    self.map = map
  }

  /// Rows are thick enough for hatches, and a full map is not higher than a screen's half.
  private var rowHeight: Double { max(6, min(18, 460 / Double(max(1, map.rows.count)))) }
  var height: Double { rowHeight * Double(map.rows.count) }
  var showsNights: Bool { false }

  func draw(_ svg: MarkupWriter, in frame: Frame, time: TimeScale) {
    let width = frame.width / Double(map.columns)
    for kind in OutageKind.allCases {
      for level in 1...MapPanel.levels {
        var path = PathData()
        for row in map.rows.indices { add(row, kind, level, width, frame, to: &path) }
        if path.text.isEmpty { continue }
        svg.element(
          "path",
          [
            "fill": "url(#\(kind.fill))", "class": "cell", "opacity": MarkupWriter.short(MapPanel.opacity(level)), "d": path.text,
          ])
      }
    }
    drawRows(svg, in: frame)
  }

  private static func opacity(_ level: Int) -> Double { [0.5, 0.65, 0.8, 1][level - 1] }

  /// The runs of columns in which one kind prevails at one level.
  private func add(_ row: Int, _ kind: OutageKind, _ level: Int, _ width: Double, _ frame: Frame, to path: inout PathData) {
    let y = frame.top + Double(row) * rowHeight
    var column = 0
    while column < map.columns {
      guard matches(row, column, kind, level) else {
        column += 1
        continue
      }
      let start = column
      while column < map.columns && matches(row, column, kind, level) { column += 1 }
      path.rectangle(frame.left + Double(start) * width, y, Double(column - start) * width, rowHeight - 0.8)
    }
  }

  private func matches(_ row: Int, _ column: Int, _ kind: OutageKind, _ level: Int) -> Bool {
    guard let cell = map.prevailing(row: row, column: column), cell.kind == kind else { return false }
    return min(MapPanel.levels, Int((cell.share * Double(MapPanel.levels)).rounded(.up))) == level
  }

  private func drawRows(_ svg: MarkupWriter, in frame: Frame) {
    var labelled = -100.0
    for (index, row) in map.rows.enumerated() {
      let top = frame.top + Double(index) * rowHeight
      svg.element(
        "rect",
        [
          "class": "row", "x": MarkupWriter.short(frame.left), "y": MarkupWriter.short(top), "width": MarkupWriter.short(frame.width),
          "height": MarkupWriter.short(rowHeight),
        ], title: row.tooltip)
      guard row.beginsSite else { continue }
      if index > 0 {
        svg.element(
          "path",
          ["class": "rule", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(top - 0.4))h\(MarkupWriter.short(frame.width))"])
      }
      guard top - labelled >= 11 else { continue }
      labelled = top
      svg.text(MapPanel.cut(row.label, 11), x: frame.left - 7, y: top + min(rowHeight, 12) / 2 + 3.5, class: "tick", anchor: "end")
    }
  }

  private static func cut(_ text: String, _ count: Int) -> String {
    text.count <= count ? text : "…" + text.suffix(count - 1)
  }
}
