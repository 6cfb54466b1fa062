import Drawing
import FleetSpec
import Ledger

extension HTMLReport {
  static let notRecorded = "Not recorded: the ledger is of an older version."

  func writeTraffic(_ html: HTMLWriter) {
    html.section(
      "traffic", "Traffic",
      "Each point covers \(Readable.span(report.figures.grid.length)). Latencies are drawn on a logarithmic scale.\(shardNote)"
    ) {
      html.block("div", class: "figures") {
        writeThroughput(html)
        writeLatencies(html)
        writeStates(html)
      }
    }
  }

  private var shardNote: String {
    report.shards == 1 ? "" : " The fleet was played in \(report.shards) shards; diagrams and counts show all of them together."
  }

  private func writeThroughput(_ html: HTMLWriter) {
    let figures = report.figures
    var series: [TimeChart.Series] = []
    if let planned = figures.planned { series.append(TimeChart.Series(name: "measured", values: planned)) }
    if let sent = figures.sent ?? figures.published { series.append(TimeChart.Series(name: "sent", values: sent)) }
    if let acknowledged = figures.acknowledged { series.append(TimeChart.Series(name: "acknowledged", values: acknowledged)) }
    let note =
      figures.planned == nil
      ? "messages per second; planned throughput is not recorded by this older ledger"
      : "readings per second: due by plan, sent for the first time, acknowledged for the first time"
    html.figure("Throughput, planned and achieved", note, nothing: series.isEmpty ? Self.notRecorded : nil) {
      TimeChart(label: "Throughput over time", grid: figures.grid, series: series, unit: .perSecond).draw(html.out)
    }
  }

  private func writeLatencies(_ html: HTMLWriter) {
    let figures = report.figures
    write(
      "From publish to acknowledgement", figures.sentToAcknowledged?.columns, figures.sentToAcknowledged?.whole,
      "by the moment of the first transmission", html)
    write(
      "From measurement to acknowledgement", figures.measuredToAcknowledged?.columns, figures.measuredToAcknowledged?.whole,
      "by the moment of measurement: what waits on a device counts with its wait", html)
    let arrivals = report.statistics?.arrivals
    let title = "From measurement to store"
    if let arrivals {
      let ahead = arrivals.ahead > 0 ? "; \(Numbers.text(Double(arrivals.ahead))) rows arrived before their own timestamp" : ""
      write(title, arrivals.columns, arrivals.whole, "by the device's clock\(ahead)", html, grid: arrivals.from == figures.grid.start)
    } else {
      let why = report.statistics?.arrivalsUnobservable.map { "Not observable: \($0)." }
      html.figure(title, "", nothing: why ?? (report.result == nil ? "Not reconciled yet." : "Not recorded: reconcile the run again.")) {}
    }
  }

  /// - Parameter grid: whether the columns are those of the page.
  private func write(
    _ title: String, _ columns: [Percentiles?]?, _ whole: Percentiles?, _ note: String, _ html: HTMLWriter, grid: Bool = true
  ) {
    guard let columns, let whole, grid, columns.count >= report.figures.grid.columns else {
      html.figure(title, "", nothing: Self.notRecorded) {}
      return
    }
    let parts: [(String, (Percentiles) -> Double)] = [
      ("p50", { $0.p50 }), ("p95", { $0.p95 }), ("p99", { $0.p99 }), ("max", { $0.maximum }),
    ]
    let series = parts.map { part in
      TimeChart.Series(name: "\(part.0) \(Readable.duration(part.1(whole)))", values: columns.map { $0.map(part.1) })
    }
    html.figure(title, "\(note); \(Numbers.text(Double(whole.count))) readings", nothing: nil) {
      TimeChart(label: title, grid: report.figures.grid, series: series, unit: .milliseconds, isLogarithmic: true).draw(html.out)
    }
  }

  private func writeStates(_ html: HTMLWriter) {
    let figures = report.figures
    let connections = Numbers.count(figures.connections)
    let connected = figures.states.first { $0.name == "connected" }?.values ?? figures.connected
    html.figure("Connections open", "of \(connections)", nothing: connected == nil ? Self.notRecorded : nil) {
      TimeChart(
        label: "Open connections over time", grid: figures.grid, series: [TimeChart.Series(name: "open", values: connected ?? [])],
        unit: .count
      ).draw(html.out)
    }
    let kinds: [(String, String, Patterns)] = [
      ("no_power", "no power", .power), ("no_network", "no network", .network), ("impaired", "link impaired", .impaired),
      ("waiting", "backing off", .waiting), ("connecting", "connecting", .connecting), ("asleep", "asleep", .asleep),
    ]
    let layers = kinds.compactMap { name, label, fill in
      figures.states.first { $0.name == name }.map { StackChart.Layer(name: label, fill: fill, values: $0.values) }
    }
    let chart = StackChart(label: "Connections that are not open, by reason", grid: figures.grid, layers: layers)
    let nothing = figures.states.isEmpty ? Self.notRecorded : chart.isEmpty ? "None: all connections were open at every look." : nil
    html.figure("Connections not open, by reason", "looked at once per interval", nothing: nothing) { chart.draw(html.out) }
    let buffered = figures.buffered ?? []
    let waiting = TimeChart(
      label: "Readings buffered on the devices", grid: figures.grid, series: [TimeChart.Series(name: "buffered", values: buffered)],
      unit: .count)
    html.figure(
      "Readings buffered on the devices", "measured and not yet sent",
      nothing: figures.buffered == nil ? Self.notRecorded : waiting.isEmpty ? "None at any look." : nil
    ) { waiting.draw(html.out) }
  }

  func writeHardships(_ html: HTMLWriter) {
    let figures = report.figures
    html.section(
      "hardships", "What the devices went through", "All of it is wanted, and the pipeline has to cope with it. Diagrams count events."
    ) {
      html.table([], hardships.map { HTMLWriter.Row(cells: [HTMLWriter.Cell($0.0), .number($0.1), HTMLWriter.Cell($0.2, "soft")]) })
      html.block("div", class: "figures") {
        write(
          "Outages and reconnects",
          [
            ("network lost", figures.events(5)), ("power lost", figures.events(3)), ("dropped", figures.events(2, 7, 11, 29)),
            ("connected", figures.events(1)),
          ], html)
        write(
          "Late and repeated messages",
          [
            ("held back", figures.events(10)), ("re-delivered", figures.events(8)), ("repeated", figures.events(9, 40, 41)),
            ("sent again", figures.events(31)),
          ], html)
        write(
          "Readings that never left",
          [("overflowed", figures.events(12)), ("unheard", figures.events(13)), ("expired", figures.events(30))], html)
      }
    }
  }

  private func write(_ title: String, _ parts: [(String, RunFigures.Series)], _ html: HTMLWriter) {
    let happened = parts.filter { $0.1.contains { ($0 ?? 0) > 0 } }.map { TimeChart.Series(name: $0.0, values: $0.1) }
    html.figure(title, "", nothing: happened.isEmpty ? "None." : nil) {
      TimeChart(label: title, grid: report.figures.grid, series: happened, unit: .count).draw(html.out)
    }
  }

  /// What happened, how often, and what it means.
  var hardships: [(String, String, String)] {
    let figures = report.figures
    func count(_ numbers: UInt8...) -> Int64 { numbers.reduce(0) { $0 + figures.total($1) } }
    let withheld = figures.outcomes.filter { $0.outcome == 4 }.reduce(Int64(0)) { $0 + $1.readings }
    let discarded = figures.outcomes.filter { $0.outcome == 3 }.reduce(Int64(0)) { $0 + $1.readings }
    let unconfirmed = figures.outcomes.filter { $0.outcome == 2 }.reduce(Int64(0)) { $0 + $1.readings }
    return [
      ("Network outages", count(5), "planned"), ("Power cuts", count(3), "planned"),
      ("Connections lost", count(2, 7, 11, 29), "broken, cut on purpose, or given up"),
      ("Connections made", count(1), "first ones among them"),
      ("Links dead or one-way", count(22, 24), "planned; the socket stays open"), ("Failed attempts to connect", count(28), "simulated"),
      ("Re-deliveries", count(8), "by the session, after a reconnect"),
      ("Repeats", count(9, 40, 41), "by the application, of acknowledged readings"),
      ("Held back", count(10), "late on purpose"), ("Sent again after a reboot", count(31), "the acknowledgement pointer was not saved"),
      ("Never sent, gone", discarded, "overflow, age, or loss of power"), ("Never sent, still buffered", withheld, "when the run ended"),
      ("Never acknowledged", unconfirmed, "sent; they may have arrived"),
    ].filter { $0.1 > 0 }.map { ($0.0, Numbers.text(Double($0.1)), $0.2) }
  }
}
