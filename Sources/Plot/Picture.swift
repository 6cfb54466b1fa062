import Drawing
import FleetSpec

/// Panels one below the other over one axis of time, under a title that says what they show.
struct Picture {
  /// A span in which the sun is down at all sites, or at some.
  struct Night: Sendable, Equatable {
    var start: Milliseconds
    var end: Milliseconds
    var isEverywhere: Bool
  }
  var title: String
  /// Below the title, a line each.
  var notes: [String]
  var panels: [any Panel]
  var nights: [Night]
  /// Instants at which the sun stands highest, for pictures of one site.
  var noons: [Milliseconds]
  var time: TimeScale
  /// Describes the labels of the axis: `UTC`.
  var axis: String

  static func time(from: Milliseconds, to: Milliseconds, zone: TimeZoneRules = .universal) -> TimeScale {
    TimeScale(from: from, to: to, left: Layout.left, width: Layout.plotWidth, zone: zone)
  }

  private var headerHeight: Double { 30 + Double(notes.count) * 15 + 6 }

  func draw(_ svg: MarkupWriter) {
    let panelsHeight = panels.reduce(0) { $0 + Layout.titleHeight + $1.height + Layout.gap }
    let height = (headerHeight + panelsHeight + Layout.axisHeight).rounded(.up)
    let (width, size) = (MarkupWriter.short(Layout.width), MarkupWriter.short(height))
    svg.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    svg.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": size, "viewBox": "0 0 \(width) \(size)", "role": "img",
        "aria-label": title,
      ])
    svg.raw("<title>\(MarkupWriter.escaped(title))</title>\n<desc>\(MarkupWriter.escaped(notes.joined(separator: "\n")))</desc>\n")
    Style.write(to: svg)
    svg.rectangle(Frame(left: 0, top: 0, width: Layout.width, height: height), class: "paper")
    svg.text(title, x: 16, y: 25, class: "title")
    for (index, note) in notes.enumerated() { svg.text(note, x: 16, y: 43 + Double(index) * 15, class: "sub") }
    var top = headerHeight
    for (index, panel) in panels.enumerated() {
      let frame = Frame(left: Layout.left, top: top + Layout.titleHeight, width: Layout.plotWidth, height: panel.height)
      draw(panel, isFirst: index == 0, svg, in: frame)
      top = frame.bottom + Layout.gap
    }
    drawAxis(svg, y: top - Layout.gap)
    svg.close()
  }

  private func draw(_ panel: any Panel, isFirst: Bool, _ svg: MarkupWriter, in frame: Frame) {
    svg.open("g", ["class": "panel", "data-title": panel.title])
    svg.text(panel.title, x: frame.left, y: frame.top - 6, class: "head")
    if panel.showsNights {
      for night in nights {
        let (left, width) = time.span(night.start, night.end)
        svg.rectangle(
          Frame(left: left, top: frame.top, width: width, height: frame.height), class: night.isEverywhere ? "night" : "dusk")
      }
    }
    for tick in time.ticks {
      let x = time.x(tick.time)
      let name = tick.day != nil && tick.time > time.from ? "date" : "grid"
      svg.element(
        "path", ["class": name, "d": "M\(MarkupWriter.short(x)) \(MarkupWriter.short(frame.top))v\(MarkupWriter.short(frame.height))"])
    }
    for noon in noons where panel.showsNights {
      let x = time.x(noon)
      svg.element(
        "path", ["class": "noon", "d": "M\(MarkupWriter.short(x)) \(MarkupWriter.short(frame.top))v\(MarkupWriter.short(frame.height))"])
      if isFirst && noons.count <= 3 { svg.text("solar noon", x: x, y: frame.top - 6, class: "note", anchor: "middle") }
    }
    panel.draw(svg, in: frame, time: time)
    svg.rectangle(frame, class: "plot")
    svg.close()
  }

  private func drawAxis(_ svg: MarkupWriter, y: Double) {
    svg.open("g", ["class": "axis"])
    for tick in time.ticks {
      svg.text(tick.label, x: time.x(tick.time), y: y + 14, class: "tick", anchor: "middle")
      if let day = tick.day { svg.text(day, x: time.x(tick.time), y: y + 28, class: "day", anchor: "middle") }
    }
    svg.text(axis, x: Layout.width - 12, y: y + 28, class: "note", anchor: "end")
    svg.close()
  }
}
