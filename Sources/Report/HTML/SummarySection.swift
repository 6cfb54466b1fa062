import Drawing
import FleetSpec
import Reconciliation

extension HTMLReport {
  func writeSummary(_ html: HTMLWriter) {
    html.section("summary", "Summary") {
      html.block("dl", class: "tiles") {
        for tile in tiles {
          html.block("div") {
            html.text("dt", tile.name)
            html.out.raw(
              "<dd>\(MarkupWriter.escaped(tile.value))<span class=\"more\">\(MarkupWriter.escaped(tile.more))</span></dd>\n")
          }
        }
      }
      html.block("ul") { for sentence in sentences { html.text("li", sentence) } }
    }
  }

  private struct Tile {
    var name: String
    var value: String
    var more: String
  }

  private var tiles: [Tile] {
    var tiles: [Tile] = []
    if let result = report.result {
      tiles.append(
        Tile(
          name: "Stored as sent", value: Terminal.share(result[.stored], of: result.readings),
          more: "\(Numbers.text(Double(result[.stored]))) of \(Numbers.text(Double(result.readings))) readings"))
      let bad = Self.notPermitted.reduce(Int64(0)) { $0 + result[$1] }
      tiles.append(
        Tile(
          name: "Not permitted", value: Numbers.text(Double(bad)),
          more: bad == 0 ? "by the contract or a threshold" : "readings and rows, by the contract"))
    }
    let figures = report.figures
    let seconds = Double(max(1, report.duration)) / 1_000
    let rate = Double(report.published) / seconds
    tiles.append(
      Tile(
        name: "Messages sent", value: Numbers.text(Double(report.published)),
        more: "\(ChartUnit.perSecond.text(rate)) on average, \(Readable.bytes(Double(report.publishedBytes)))"))
    if let latency = figures.sentToAcknowledged?.whole {
      tiles.append(
        Tile(
          name: "Acknowledged within, p99", value: Readable.duration(latency.p99),
          more: "median \(Readable.duration(latency.p50)), longest \(Readable.duration(latency.maximum))"))
    }
    if let latency = report.statistics?.arrivals?.whole {
      tiles.append(
        Tile(
          name: "In the store within, p99", value: Readable.duration(latency.p99),
          more: "median \(Readable.duration(latency.p50)), longest \(Readable.duration(latency.maximum))"))
    }
    return tiles
  }

  /// Verdicts that the contract does not permit by itself.
  static let notPermitted = Verdict.allCases.filter { !$0.isPermitted && $0 != .pending }

  private var sentences: [String] {
    var list: [String] = []
    if let result = report.result {
      list += result.findings.filter { $0.severity == .broken }.prefix(4).map { Self.sentence($0.title) }
      list += [dispersion, Self.coping(result.delivery)].compactMap { $0 }
      if result.runState != "finished" { list.append("The run did not end by itself: it is \(result.runState).") }
    }
    return list + [healthSentence].compactMap { $0 }
  }

  static func sentence(_ text: String) -> String {
    let capital = text.prefix(1).uppercased() + text.dropFirst()
    return capital.hasSuffix(".") ? capital : capital + "."
  }

  /// Where what is not permitted happened, when it is not everywhere.
  private var dispersion: String? {
    guard let table = report.statistics?.breakdown?.tables.first(where: { $0.name == "site" }), table.rows.count > 1 else { return nil }
    let bad = table.rows.map { row in Self.notPermitted.reduce(Int64(0)) { $0 + row.total($1) } }
    let total = bad.reduce(0, +)
    guard total > 0 else { return nil }
    let struck = bad.filter { $0 > 0 }.count
    let worst = zip(table.rows, bad).max { $0.1 < $1.1 }
    guard let worst else { return nil }
    return
      "\(struck == table.rows.count ? "All \(struck)" : "\(struck) of \(table.rows.count)") sites are struck; the most at \(worst.0.name), with \(Terminal.share(worst.1, of: total)) of all."
  }

  private static func coping(_ delivery: DeliverySummary) -> String? {
    let parts = [
      (delivery.connectionsLost, "connections lost"), (delivery.networkOutages, "network outages"), (delivery.powerCuts, "power cuts"),
      (delivery.redelivered, "re-deliveries"), (delivery.repeated, "application repeats"), (delivery.heldBack, "readings late on purpose"),
    ].filter { $0.0 > 0 }.map { "\(Numbers.text(Double($0.0))) \($0.1)" }
    return parts.isEmpty ? nil : "The pipeline had to cope with \(parts.joined(separator: ", "))."
  }
}
