import Drawing
import FleetSpec
import World

/// Several devices together: the sky over their sites, bands of what they measure, and who is out when.
struct GroupPicture {
  private let selection: Selection
  private let name: String

  /// Readings that are made for one picture; with more devices a sample of them is traced.
  private let budget: Int

  /// - Parameters:
  ///   - name: of the devices, for the title.
  ///   - budget: readings that are made at most.
  init(_ selection: Selection, name: String, budget: Int = 25_000_000) {
    self.budget = budget
    self.selection = selection
    self.name = name
  }

  func picture() -> Picture {
    let world = selection.world
    let workspace = world.workspace()
    let sky = SkySeries(
      world, sites: selection.sites, from: selection.from, to: selection.to, columns: Layout.columns, in: workspace)
    let time = selection.time
    let traces = traces(workspace)
    var panels: [any Panel] = [sky.panel(title: sky.sites.count == 1 ? "Sky over the site, true" : "Sky over \(skyName(sky)), true")]
    for trace in traces { panels += trace.panels(world) }
    if let row = sky.coverRow(time) { panels.append(StripPanel(title: "Clouds over the site", rows: [row])) }
    let survey = OutageSurvey(selection)
    panels += survey.panels()
    let rows = otherFaults(traces, time)
    if !rows.isEmpty {
      let asked = traces.reduce(0) { $0 + $1.sampled.count }
      panels.append(StripPanel(title: "Other faults of \(Numbers.count(asked)) devices", rows: rows))
    }
    let sites = selection.sites
    let place = sites.count == 1 ? Selection.place(world.fleet.sites[sites[0]]) : "\(sites.count) sites"
    return Picture(
      title: "\(selection.heading): \(name)",
      notes: [
        "\(traces.map { "\(Numbers.count($0.count)) \(world.fleet.profiles[$0.profile].name)" }.joined(separator: ", ")) at \(place)",
        selection.period,
        "Bands reach from the lowest to the highest reading of any device, lines are means"
          + (traces.contains { $0.sampled.count < $0.count }
            ? "; measured values are those of a sample, outages those of all devices" : ""),
      ], panels: panels, nights: sky.nights, noons: sky.noons, time: time, axis: selection.zone.name)
  }

  /// Faults that keep nobody from measuring or from being heard.
  private func otherFaults(_ traces: [GroupTrace], _ time: TimeScale) -> [StripPanel.Row] {
    let world = selection.world
    var events: [(device: Int, event: PlannedEvent)] = []
    for device in traces.flatMap(\.sampled) {
      for event in world.timeline(device: device, from: selection.from, to: selection.to, readings: false)
      where OutageKind(event) == nil {
        events.append((device, event))
      }
    }
    events.sort { ($0.event.start, $0.device) < ($1.event.start, $1.device) }
    var tally = FaultTally(from: selection.from, to: selection.to, columns: Layout.columns)
    for trace in traces { tally.merge(trace.faults) }
    return EventRows.rows(events, in: world, time: time) + tally.rows(time)
  }

  private func skyName(_ sky: SkySeries) -> String {
    sky.sites.count == selection.sites.count ? "\(sky.sites.count) sites" : "\(sky.sites.count) of \(selection.sites.count) sites"
  }

  private func traces(_ workspace: Workspace) -> [GroupTrace] {
    let world = selection.world
    var byProfile = world.fleet.profiles.map { _ in [Int]() }
    for device in selection.devices { byProfile[world.devices[device].profile].append(device) }
    let used = byProfile.indices.filter { !byProfile[$0].isEmpty }
    let each = used.count == 1 ? 4 : used.count < 5 ? 2 : 1
    var known: [Quantity] = []
    return used.map { profile in
      let specification = world.fleet.profiles[profile]
      let shown = GroupTrace.leading(specification, atMost: each, besides: known)
      known += shown.map { specification.sensors[$0].quantity }
      return GroupTrace(
        selection, profile: profile, devices: byProfile[profile], budget: budget / used.count, shown: shown, in: workspace)
    }
  }
}
