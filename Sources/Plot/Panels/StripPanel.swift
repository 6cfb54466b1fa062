import Drawing
import FleetSpec

/// Rows of spans: states and faults, each with a name.
struct StripPanel: Panel {
  struct Span: Equatable {
    var start: Milliseconds
    var end: Milliseconds
    var tooltip: String
    /// Written into the span where there is room.
    var label = ""
    /// Which fill, when the row has several.
    var fill: String?
  }
  struct Row {
    var name: String
    var note: String
    /// A fill of `Style`.
    var fill: String
    var spans: [Span]
  }
  let title: String
  let rows: [Row]

  private static let rowHeight = 17.0
  private static let barHeight = 12.0
  private static let narrowest = 1.5

  var height: Double { Double(rows.count) * StripPanel.rowHeight + 2 }

  func draw(_ svg: MarkupWriter, in frame: Frame, time: TimeScale) {
    for (index, row) in rows.enumerated() {
      let top = frame.top + Double(index) * StripPanel.rowHeight + 3
      let middle = top + StripPanel.barHeight / 2
      svg.element(
        "path",
        ["class": "grid", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(middle))h\(MarkupWriter.short(frame.width))"])
      for span in StripPanel.visible(row.spans, time) {
        let (left, width) = time.span(span.start, span.end, atLeast: StripPanel.narrowest)
        svg.element(
          "rect",
          [
            "fill": "url(#\(span.fill ?? row.fill))", "x": MarkupWriter.short(left), "y": MarkupWriter.short(top),
            "width": MarkupWriter.short(width),
            "height": MarkupWriter.short(StripPanel.barHeight),
          ], title: span.tooltip)
        if !span.label.isEmpty && width > Double(span.label.utf8.count) * 6 + 8 {
          svg.text(span.label, x: left + width / 2, y: top + 9.5, class: "span", anchor: "middle")
        }
      }
      let x = frame.right + 12
      svg.element(
        "rect", ["fill": "url(#\(row.fill))", "x": MarkupWriter.short(x), "y": MarkupWriter.short(top), "width": "18", "height": "11"])
      svg.text(row.name, x: x + 25, y: top + 9.5, class: "name")
      if !row.note.isEmpty { svg.text(row.note, x: frame.left - 7, y: top + 9.5, class: "tick", anchor: "end") }
    }
  }

  /// Spans that could not be told apart in the picture become one, so that their number is bounded by the width.
  static func visible(_ spans: [Span], _ time: TimeScale) -> [Span] {
    var result: [Span] = []
    var merged = 1
    for span in spans {
      if let previous = result.last, previous.fill == span.fill, previous.label == span.label,
        time.x(span.start) < max(time.x(previous.end), time.x(previous.start) + narrowest) + 0.5
      {
        merged += 1
        result[result.count - 1].end = max(previous.end, span.end)
        result[result.count - 1].tooltip =
          "\(merged) close together, \(time.stamp(previous.start)) to \(time.stamp(max(previous.end, span.end)))"
      } else {
        merged = 1
        result.append(span)
      }
    }
    return result
  }
}
