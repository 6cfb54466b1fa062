import FleetSpec

/// The horizontal axis that all panels of a picture share.
package struct TimeScale: Sendable {
  package let from: Milliseconds
  package let to: Milliseconds
  package let left: Double
  package let width: Double
  /// In which labels are.
  package let zone: TimeZoneRules

  /// A label below the axis.
  package struct Tick: Sendable, Equatable {
    package var time: Milliseconds
    package var label: String
    /// The day that begins here, or at which the axis begins.
    package var day: String?
  }

  private static let day: Milliseconds = 86_400_000
  private static let steps: [Milliseconds] =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000]
    + [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map { $0 * 60_000 } + [1, 2, 7, 14, 28, 56, 91, 182, 365].map { $0 * day }
  private static let narrowest = 56.0

  package init(from: Milliseconds, to: Milliseconds, left: Double, width: Double, zone: TimeZoneRules = .universal) {
    self.from = from
    self.to = max(to, from + 1)
    self.left = left
    self.width = width
    self.zone = zone
  }

  package func x(_ time: Milliseconds) -> Double {
    left + Double(min(max(time, from), to) - from) / Double(to - from) * width
  }

  /// Where a span lies; narrow ones are widened to `minimum` pixels.
  package func span(_ start: Milliseconds, _ end: Milliseconds, atLeast minimum: Double = 0) -> (left: Double, width: Double) {
    let (x0, x1) = (x(start), x(end))
    let width = max(minimum, x1 - x0)
    return (min(x0, left + self.width - width), width)
  }

  package var ticks: [Tick] {
    let least = Double(to - from) * TimeScale.narrowest / width
    let step = TimeScale.steps.first { Double($0) >= least } ?? TimeScale.day * 365
    var list: [Tick] = []
    var local = TimeScale.roundedUp(self.local(from), to: step)
    while local <= self.local(to) {
      // The offset that holds there, except within the hour in which the clocks change.
      let time = local - zone.offset(at: local - zone.offset(at: from))
      let isDay = TimeScale.remainder(local, TimeScale.day) == 0
      let label = step >= TimeScale.day ? TimeScale.date(local) : TimeScale.clock(local, step: step)
      if time >= from && time <= to {
        list.append(Tick(time: time, label: label, day: step < TimeScale.day && isDay ? TimeScale.date(local) : nil))
      }
      local += step
    }
    if step < TimeScale.day, let first = list.first, first.day == nil { list[0].day = TimeScale.date(self.local(first.time)) }
    return list
  }

  private func local(_ time: Milliseconds) -> Milliseconds { time + zone.offset(at: time) }

  private static func remainder(_ value: Milliseconds, _ step: Milliseconds) -> Milliseconds {
    let rest = value % step
    return rest < 0 ? rest + step : rest
  }

  private static func roundedUp(_ value: Milliseconds, to step: Milliseconds) -> Milliseconds {
    let rest = remainder(value, step)
    return rest == 0 ? value : value - rest + step
  }

  /// `2026-06-21T10:00:00.000Z` cut to what the step asks for.
  private static func clock(_ local: Milliseconds, step: Milliseconds) -> String {
    let text = Units.format(instant: local).dropFirst(11)
    return String(text.prefix(step >= 60_000 ? 5 : step >= 1000 ? 8 : 12))
  }

  /// `Sun 21 Jun`.
  package static func date(_ local: Milliseconds) -> String {
    let text = Units.format(instant: local)
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let month = Int(text.dropFirst(5).prefix(2)).map { months[$0 - 1] } ?? ""
    let day = Int(text.dropFirst(8).prefix(2)) ?? 0
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let number = Int((local - remainder(local, TimeScale.day)) / TimeScale.day)
    return "\(weekdays[((number % 7) + 7) % 7]) \(day) \(month)"
  }

  /// `2026-06-21 10:00`, with seconds when there are some.
  package func stamp(_ time: Milliseconds) -> String {
    let text = Units.format(instant: local(time))
    let isWholeMinute = TimeScale.remainder(local(time), 60_000) == 0
    let isWholeSecond = TimeScale.remainder(local(time), 1000) == 0
    return text.prefix(10) + " " + text.dropFirst(11).prefix(isWholeMinute ? 5 : isWholeSecond ? 8 : 12)
  }
}
