import Drawing
import FleetSpec
import Ledger

/// Whether the simulator itself kept up: what it could not do on time says nothing about the pipeline.
extension HTMLReport {
  func writeHealth(_ html: HTMLWriter) {
    let figures = report.figures
    html.section("health", "Simulator", "Whether heliograph itself kept up. What it could not do on time says nothing about the pipeline.")
    {
      if let healthSentence { html.text("p", healthSentence) }
      if !figures.loop.isEmpty { writeLoop(html) }
      html.block("div", class: "figures") {
        write(
          "Processor time", "share of one processor, all threads", [("used", figures.processor)], .processors, isLogarithmic: false, html)
        write("Memory", "resident", [("resident", figures.resident)], .mebibytes, isLogarithmic: false, html)
        write(
          "Lag of timers and of the event loop", "greatest in each interval",
          [("timers p99", figures.lag99), ("timers max", figures.lagMaximum), ("loop busy", figures.busyMaximum)], .milliseconds,
          isLogarithmic: true, html)
      }
    }
  }

  private func write(
    _ title: String, _ note: String, _ parts: [(String, RunFigures.Series?)], _ unit: ChartUnit, isLogarithmic: Bool, _ html: HTMLWriter
  ) {
    let series = parts.compactMap { part in part.1.map { TimeChart.Series(name: part.0, values: $0) } }
    html.figure(title, note, nothing: series.isEmpty ? Self.notRecorded : nil) {
      TimeChart(label: title, grid: report.figures.grid, series: series, unit: unit, isLogarithmic: isLogarithmic).draw(html.out)
    }
  }

  private static let loopNames = [
    "timer_lag_us": "Timers: how late devices were woken", "loop_busy_us": "Event loop: time away from the network",
    "loop_processor_us": "Event loop: processor time of these stretches", "loop_blocked_us": "Event loop: waits in blocking calls",
  ]

  private func writeLoop(_ html: HTMLWriter) {
    html.table(
      [HTMLWriter.Cell("Over the whole run"), .number("p50"), .number("p95"), .number("p99"), .number("Longest"), .number("Samples")],
      report.figures.loop.map { name, percentiles in
        HTMLWriter.Row(
          cells: [HTMLWriter.Cell(Self.loopNames[name] ?? name)]
            + [percentiles.p50, percentiles.p95, percentiles.p99, percentiles.maximum].map { .number(Readable.duration($0)) }
            + [.number(Numbers.text(Double(percentiles.count)))])
      })
  }

  /// Timers that are late by more than this change what a fleet looks like to a pipeline.
  private static let tolerableLag = 100.0

  var healthSentence: String? {
    guard let lag = report.figures.loop.first(where: { $0.name == "timer_lag_us" })?.percentiles else { return nil }
    if lag.p99 <= Self.tolerableLag {
      return "The simulator kept up: 99 % of its timers were late by at most \(Readable.duration(lag.p99))."
    }
    return
      "The simulator was late: 1 % of its timers by more than \(Readable.duration(lag.p99)), the worst by \(Readable.duration(lag.maximum)). Latencies from the measurement contain that."
  }
}
