import FleetSpec
import World

/// One device: the sky over it, everything that it measures, and what goes wrong with it.
struct DevicePicture {
  private let selection: Selection
  private let device: Int
  private let profile: FirmwareProfile
  private let workspace: Workspace
  private var envelopes: [Envelope]
  private var quality: [StripPanel.Span] = []
  private var samples = 0
  private var readings = 0

  private static let mostSeries = 6

  init(_ selection: Selection) {
    self.selection = selection
    device = selection.devices[0]
    let world = selection.world
    profile = world.profile(of: device)
    workspace = world.workspace()
    envelopes = profile.sensors.map { _ in Envelope(from: selection.from, to: selection.to, columns: Layout.columns) }
    var stream = world.stream(device: device, in: workspace)
    var shown = ShownValues(profile)
    let time = selection.time
    while stream.nextSampleTime < selection.to {
      let at = stream.nextSampleTime
      stream.sample()
      let isWanted = at >= selection.from
      if isWanted { samples += 1 }
      for index in 0..<stream.readingCount {
        let reading = stream.reading(index)
        let value = shown.value(of: reading)
        guard isWanted else { continue }
        readings += 1
        envelopes[Int(reading.sensor)].add(value, at: at)
        if reading.quality != .good { addQuality(reading, time) }
      }
    }
  }

  /// Remembers readings whose quality is not GOOD; neighbours become one span, so that their number is bounded by the picture.
  private mutating func addQuality(_ reading: Reading, _ time: TimeScale) {
    let name = profile.sensors[Int(reading.sensor)].name
    let end = reading.trueTime + profile.interval
    if let last = quality.last, time.x(reading.trueTime) < time.x(last.end) + 1 {
      quality[quality.count - 1].end = end
      return
    }
    quality.append(
      StripPanel.Span(
        start: reading.trueTime, end: end, tooltip: "\(name) is \(reading.quality.label) from \(time.stamp(reading.trueTime)) on"))
  }

  func picture() -> Picture {
    let world = selection.world
    let identity = world.devices[device]
    let site = world.fleet.sites[identity.site]
    let sky = SkySeries(
      world, sites: [identity.site], from: selection.from, to: selection.to, columns: Layout.columns, in: workspace)
    let time = selection.time
    var panels: [any Panel] = [sky.panel(title: "Sky over the site, true")]
    for group in SensorGroup.groups(of: profile) { panels.append(panel(group)) }
    panels.append(StripPanel(title: "States and faults", rows: rows(sky, time)))
    let column = (selection.to - selection.from) / Milliseconds(Layout.columns)
    let detail =
      column > profile.interval
      ? "; each pixel column shows the lowest to the highest of \(Units.format(milliseconds: max(1000, column / 1000 * 1000)))" : ""
    return Picture(
      title: "\(selection.heading): \(identity.id)",
      notes: [
        "\(profile.name) (\(profile.description), firmware \(profile.firmware)) at \(Selection.place(site))", selection.period,
        "\(Numbers.count(samples)) samples, \(Numbers.count(readings)) readings, one sample every"
          + " \(Units.format(milliseconds: profile.interval))\(detail)",
      ], panels: panels, nights: sky.nights, noons: sky.noons, time: time, axis: selection.zone.name)
  }

  private func panel(_ group: SensorGroup) -> LinePanel {
    let gap = max(5 * profile.interval / 2, 2000)
    let decimals = profile.sensors[group.sensors[0]].decimals
    var series = group.sensors.map {
      Series(
        name: profile.sensors[$0].name, kind: group.isState ? .step : .line, envelope: envelopes[$0], gap: gap,
        decimals: profile.sensors[$0].decimals)
    }
    if series.count > DevicePicture.mostSeries {
      var all = Envelope(from: selection.from, to: selection.to, columns: Layout.columns)
      for sensor in group.sensors { all.merge(envelopes[sensor]) }
      series = [
        Series(
          name: "\(group.sensors.count) × \(SensorGroup.stem(profile.sensors[group.sensors[0]].name))", kind: .band, envelope: all,
          gap: gap,
          decimals: decimals)
      ]
    }
    let isPower = group.sensors.contains { profile.sensors[$0].quantity == .acPower }
    let rated = isPower ? SensorGroup.rating(profile, unit: group.unit) : nil
    return LinePanel(
      title: group.title, unit: group.unit, series: series, startsAtZero: group.startsAtZero, limit: rated,
      names: group.isState ? StateNames.inverter : [:], height: isPower ? 120 : group.title == "Irradiance" ? 104 : 58)
  }

  private func rows(_ sky: SkySeries, _ time: TimeScale) -> [StripPanel.Row] {
    var rows = sky.coverRow(time).map { [$0] } ?? []
    let events = selection.world.timeline(device: device, from: selection.from, to: selection.to)
    rows += EventRows.rows(events.map { (device, $0) }, in: selection.world, time: time)
    if !quality.isEmpty {
      rows.append(StripPanel.Row(name: "quality not GOOD", note: "", fill: "quality", spans: quality))
    }
    return rows
  }
}
