import Drawing
import FleetSpec
import World

/// The planned outages of all devices of a selection, as panels.
struct OutageSurvey {
  private(set) var census: OutageCensus
  private(set) var map: OutageMap
  /// Planned readings in each column, per second.
  private(set) var readingsPerSecond: [Double] = []
  private let selection: Selection

  /// The map's columns are wider than a pixel, so that hatches show and the file stays small.
  private static let mapColumns = Layout.columns / 3

  init(_ selection: Selection) {
    self.selection = selection
    let world = selection.world
    let (from, to) = (selection.from, selection.to)
    census = OutageCensus(from: from, to: to, columns: Layout.columns)
    map = OutageMap(from: from, to: to, columns: OutageSurvey.mapColumns, devices: selection.devices.count)
    var lost = [Double](repeating: 0, count: Layout.columns)
    var rate = 0.0
    let order = selection.devices.sorted { (world.devices[$0].site, $0) < (world.devices[$1].site, $1) }
    map.name(order, in: world)
    for (place, device) in order.enumerated() {
      let profile = world.profile(of: device)
      let own = Double(profile.sensors.count) / (Double(max(1, profile.interval)) / 1000)
      rate += own
      census.add(world.outages(device: device, from: from, to: to)) { kind, start, end in
        map.add(kind, start, end, place: place)
        guard !kind.measures else { return }
        OutageCensus.shares(start, end, from: from, to: to, columns: Layout.columns) { lost[$0] += $1 * own }
      }
    }
    readingsPerSecond = lost.map { max(0, rate - $0) }
  }

  /// Readings per second over time.
  func ratePanel() -> LinePanel {
    let (from, to) = (selection.from, selection.to)
    var envelope = Envelope(from: from, to: to, columns: Layout.columns)
    for (column, value) in readingsPerSecond.enumerated() {
      envelope.add(value, at: from + Milliseconds((Double(column) + 0.5) / Double(Layout.columns) * Double(to - from)))
    }
    return LinePanel(
      title: "Readings planned per second", unit: "",
      series: [Series(name: "readings/s", kind: .step, envelope: envelope, gap: to - from, decimals: 1)], startsAtZero: true, height: 72)
  }

  /// Devices out by cause, and where there are any the map of them.
  func panels() -> [any Panel] { census.episodes.contains { $0 > 0 } ? [stackPanel(), mapPanel()] : [stackPanel()] }

  private func stackPanel() -> StackPanel {
    let layers = OutageKind.allCases.filter { census.episodes[$0.rawValue] > 0 }.map { kind in
      StackPanel.Layer(
        name: kind.name, note: "\(Numbers.count(census.episodes[kind.rawValue])) ×, \(OutageSurvey.hours(census.lengths[kind.rawValue]))",
        fill: kind.fill, values: census.counts[kind.rawValue])
    }
    return StackPanel(
      title: "Devices out, of \(Numbers.count(selection.devices.count)), by cause", layers: layers, columns: Layout.columns)
  }

  private func mapPanel() -> MapPanel {
    let rows = map.rows.count
    let devices = selection.devices.count
    let grain =
      devices == rows ? "a row for each device" : "\(Numbers.count(devices)) devices in \(rows) rows, paler where only some are out"
    return MapPanel(title: "Outage map by site: \(grain)", map: map)
  }

  private static func hours(_ milliseconds: Double) -> String {
    let hours = milliseconds / 3_600_000
    if hours < 1.0 / 6 { return "\(Numbers.brief(milliseconds / 1000, decimals: milliseconds < 10_000 ? 1 : 0)) device-seconds" }
    return "\(Numbers.brief(hours, decimals: hours < 10 ? 1 : 0)) device-hours"
  }
}
