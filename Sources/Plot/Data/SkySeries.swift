import Drawing
import FleetSpec
import World

/// The sky over one or several sites, as it is before any sensor looks at it.
struct SkySeries {
  private(set) var irradiance: Envelope
  private(set) var clear: Envelope
  private(set) var nights: [Picture.Night] = []
  private(set) var noons: [Milliseconds] = []
  /// For a single site: what the clouds do.
  private(set) var covers: [(cover: SiteSky.Cover, start: Milliseconds, end: Milliseconds)] = []
  let sites: [Int]
  /// Time between two looks at the sky.
  let step: Milliseconds

  /// With more sites the picture shows so many of them, spread over the list.
  static let mostSites = 24
  private static let looksPerColumn = 12
  private static let finest: Milliseconds = 1000

  init(_ world: World, sites: [Int], from: Milliseconds, to: Milliseconds, columns: Int, in workspace: Workspace) {
    let count = min(sites.count, SkySeries.mostSites)
    self.sites = (0..<count).map { sites[$0 * sites.count / count] }
    let looks = max(1, SkySeries.looksPerColumn / count)
    step = max(SkySeries.finest, (to - from) / Milliseconds(columns * looks))
    irradiance = Envelope(from: from, to: to, columns: columns)
    clear = Envelope(from: from, to: to, columns: columns)
    var days = Daylight()
    var time = from
    while time < to {
      var dark = 0
      for site in self.sites {
        let sky = world.sky(site: site, at: time, in: workspace)
        irradiance.add(sky.irradiance, at: time)
        clear.add(sky.clearIrradiance, at: time)
        if sky.elevation <= 0 { dark += 1 }
        guard count == 1 else { continue }
        days.follow(elevation: sky.elevation, at: time, noons: &noons)
        follow(sky.cover, at: time, until: min(time + step, to))
      }
      addNight(dark: dark, at: time, until: min(time + step, to))
      time += step
    }
  }

  private mutating func addNight(dark: Int, at time: Milliseconds, until end: Milliseconds) {
    guard dark > 0 else { return }
    let isEverywhere = dark == sites.count
    if let last = nights.last, last.end == time, last.isEverywhere == isEverywhere {
      nights[nights.count - 1].end = end
    } else {
      nights.append(Picture.Night(start: time, end: end, isEverywhere: isEverywhere))
    }
  }

  private mutating func follow(_ cover: SiteSky.Cover, at time: Milliseconds, until end: Milliseconds) {
    if let last = covers.last, last.cover == cover, last.end == time {
      covers[covers.count - 1].end = end
    } else {
      covers.append((cover, time, end))
    }
  }

  /// Finds the instants at which the sun stops rising.
  private struct Daylight {
    private var previous: (time: Milliseconds, elevation: Double)?
    private var isRising = false

    mutating func follow(elevation: Double, at time: Milliseconds, noons: inout [Milliseconds]) {
      if let previous {
        if elevation < previous.elevation && isRising && elevation > 0 { noons.append(previous.time) }
        isRising = elevation > previous.elevation
      }
      previous = (time, elevation)
    }
  }
}

extension SkySeries {
  /// Panels of the sky: irradiance with what a cloudless sky would give, and for one site the row of regimes.
  func panel(title: String) -> LinePanel {
    let gap = 4 * step
    let isBand = sites.count > 1
    return LinePanel(
      title: title, unit: "W/m2",
      series: [
        Series(
          name: isBand ? "lowest, mean, highest" : "global horizontal", kind: isBand ? .band : .line, envelope: irradiance, gap: gap,
          decimals: 0),
        Series(name: isBand ? "cloudless, mean" : "cloudless sky", kind: .reference, envelope: clear, gap: gap, decimals: 0),
      ], startsAtZero: true, height: 104)
  }

  func coverRow(_ time: TimeScale) -> StripPanel.Row? {
    guard sites.count == 1 else { return nil }
    let spans = covers.map {
      StripPanel.Span(
        start: $0.start, end: $0.end, tooltip: "\($0.cover.rawValue), \(time.stamp($0.start)) to \(time.stamp($0.end))",
        label: $0.cover.rawValue, fill: "sky-\($0.cover.rawValue)")
    }
    return StripPanel.Row(name: "clouds", note: "", fill: "sky-broken", spans: spans)
  }
}
