import Drawing
import FleetSpec

/// What all charts of a report share: size, axes, and a tooltip for each column.
struct ChartFrame {
  static let width = 440.0
  static let height = 196.0

  let grid: FigureGrid
  let label: String
  let frame = Frame(left: 52, top: 9, width: 290, height: 158)

  private var time: TimeScale {
    TimeScale(from: grid.start, to: grid.start + grid.length * Milliseconds(grid.columns), left: frame.left, width: frame.width)
  }

  func open(_ svg: MarkupWriter) {
    svg.open(
      "svg",
      [
        "class": "chart", "viewBox": "0 0 \(MarkupWriter.short(Self.width)) \(MarkupWriter.short(Self.height))", "role": "img",
        "aria-label": label,
      ])
  }

  /// The middle of a column.
  func x(_ column: Int) -> Double { frame.left + (Double(column) + 0.5) * frame.width / Double(max(1, grid.columns)) }

  func horizontal(_ svg: MarkupWriter, y: Double, label: String) {
    svg.element(
      "path", ["class": "grid", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(y))h\(MarkupWriter.short(frame.width))"])
    svg.text(label, x: frame.left - 6, y: y + 4, class: "tick", anchor: "end")
  }

  func drawTimeAxis(_ svg: MarkupWriter) {
    let isLong = grid.end - grid.start > 36 * 3_600_000
    for tick in time.ticks {
      let x = time.x(tick.time)
      svg.element("path", ["class": "notch", "d": "M\(MarkupWriter.short(x)) \(MarkupWriter.short(frame.bottom))v4"])
      let text = isLong ? tick.day ?? tick.label : tick.label
      svg.text(text, x: x, y: frame.bottom + 16, class: "tick", anchor: "middle")
    }
    svg.element(
      "path",
      ["class": "base", "d": "M\(MarkupWriter.short(frame.left)) \(MarkupWriter.short(frame.bottom))h\(MarkupWriter.short(frame.width))"])
  }

  /// - Parameter lines: what there is to say of a column; nothing where it is empty.
  func drawHits(_ svg: MarkupWriter, _ lines: (Int) -> [String]) {
    let width = frame.width / Double(max(1, grid.columns))
    for column in 0..<grid.columns {
      let said = lines(column)
      guard !said.isEmpty else { continue }
      let hit = Frame(left: frame.left + Double(column) * width, top: frame.top, width: width, height: frame.height)
      svg.rectangle(hit, class: "hit", title: ([span(column)] + said).joined(separator: "\n"))
    }
  }

  /// `10:00 to 10:10 UTC`.
  private func span(_ column: Int) -> String {
    let begin = grid.begin(of: column)
    let end = min(begin + grid.length, grid.end)
    let day = grid.end - grid.start > 12 * 3_600_000 ? "\(Units.format(instant: begin).prefix(10)) " : ""
    let step = grid.length % 60_000 == 0 && (end - grid.start) % 60_000 == 0 && grid.start % 60_000 == 0 ? grid.length : 1_000
    return "\(day)\(Readable.clock(begin, step: step)) to \(Readable.clock(end, step: step)) UTC"
  }

  /// Heights in the same order, each at least `apart` from the one before, within bounds where they fit.
  static func spread(_ heights: [Double], apart: Double, from top: Double, to bottom: Double) -> [Double] {
    var result = heights
    for index in result.indices { result[index] = max(result[index], index == 0 ? top : result[index - 1] + apart) }
    var limit = bottom
    for index in result.indices.reversed() {
      result[index] = min(result[index], limit)
      limit = result[index] - apart
    }
    return result
  }
}
