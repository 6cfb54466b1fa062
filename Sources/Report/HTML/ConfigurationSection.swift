import Drawing
import FleetSpec

extension HTMLReport {
  /// A resolved fleet file longer than this is cut: the run folder has it.
  private static let longestFile = 64 * 1_024

  func writeConfiguration(_ html: HTMLWriter) {
    html.section("configuration", "Configuration") {
      html.block("div", class: "columns") {
        html.table([], facts.map { HTMLWriter.Row(cells: [HTMLWriter.Cell($0.0), HTMLWriter.Cell($0.1)]) })
        html.block("div") {
          html.table(
            [HTMLWriter.Cell("Profile"), HTMLWriter.Cell("Firmware"), .number("Devices"), .number("Sensors"), .number("Interval")],
            report.fleet.profiles.indices.map(profile))
        }
      }
      guard !report.fleetText.isEmpty else { return }
      html.block("details") {
        html.text("summary", "The resolved fleet file")
        let text = report.fleetText.utf8.count > Self.longestFile ? String(report.fleetText.prefix(Self.longestFile)) : report.fleetText
        html.out.raw("<pre><code>\(MarkupWriter.escaped(text))</code></pre>\n")
        if text.utf8.count < report.fleetText.utf8.count {
          html.text("p", "Cut here; \(report.folder)/fleet.yaml has it all.", class: "soft")
        }
      }
    }
  }

  private func profile(_ index: Int) -> HTMLWriter.Row {
    let profile = report.fleet.profiles[index]
    let devices = report.fleet.groups.reduce(0) { sum, group in
      sum + (group.profile == index ? group.count : 0) + (group.gateway?.profile == index ? group.gateway?.ids.count ?? 0 : 0)
    }
    return HTMLWriter.Row(cells: [
      HTMLWriter.Cell(profile.name, "nowrap"), HTMLWriter.Cell(profile.versions.map(\.firmware).joined(separator: ", ")),
      .number(Numbers.count(devices)), .number(Numbers.count(profile.sensors.count)), .number(Units.format(milliseconds: profile.interval)),
    ])
  }

  private var facts: [(String, String)] {
    let fleet = report.fleet
    var list: [(String, String)] = [
      ("Run", report.runID), ("Fleet", fleet.name), ("Seed", String(report.seed)), ("Played by", "heliograph \(report.version)"),
      ("Started", "\(Readable.instant(report.wallStart)) UTC"), ("Ended", "\(Readable.instant(report.wallEnd)) UTC, \(report.state)"),
      ("Simulated start", "\(Readable.instant(report.figures.grid.start)) UTC"),
      ("Measured for", "\(Readable.span(report.duration)) of \(Units.format(milliseconds: fleet.duration)) planned"),
    ]
    if let transport = fleet.transport {
      list.append(("Broker", transport.summary))
    }
    if let store = fleet.pipeline.store { list.append(("Store", "table \(store.table) at \(Self.place(store.url))")) }
    return list
  }

  /// Host and port of a URL, without user, password and options.
  static func place(_ url: String) -> String {
    let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    return String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
  }

  func writeReproduction(_ html: HTMLWriter) {
    html.section(
      "reproduce", "How to reproduce",
      "The same seed and fleet file give the same readings, byte for byte; what the network does to them is its own."
    ) {
      let folder = report.folder
      html.out.raw(
        """
        <pre><code># judge the same run again
        heliograph reconcile \(MarkupWriter.escaped(folder))

        # what the devices measured, without any network
        heliograph trace \(MarkupWriter.escaped(folder))/fleet.yaml | less

        # play it once more; the resolved file holds the seed (\(report.seed)) and the start
        heliograph run \(MarkupWriter.escaped(folder))/fleet.yaml --out \(MarkupWriter.escaped(folder))-again

        # compare the two
        heliograph report \(MarkupWriter.escaped(folder))-again --against \(MarkupWriter.escaped(folder))
        </code></pre>

        """)
    }
  }
}
