import Drawing
import FleetSpec
import World

/// What a picture shows of a world, and when.
public struct Selection {
  public let world: World
  /// Indices in `World.devices`, ascending; at least one.
  public let devices: [Int]
  /// Index in `Fleet.sites` when the devices are those of one site by choice.
  public let site: Int?
  public let from: Milliseconds
  public let to: Milliseconds

  public init(world: World, devices: [Int], site: Int? = nil, from: Milliseconds, to: Milliseconds) {
    self.world = world
    self.devices = devices
    self.site = site
    self.from = max(from, world.start)
    self.to = max(to, self.from + 1)
  }

  /// The sites of the devices, ascending.
  var sites: [Int] {
    var seen = [Bool](repeating: false, count: world.fleet.sites.count)
    for device in devices { seen[world.devices[device].site] = true }
    return seen.indices.filter { seen[$0] }
  }

  /// The time that labels show: the site's own, or for several sites in several zones universal time.
  var zone: TimeZoneRules {
    let zones = sites.map { world.fleet.sites[$0].timeZone }
    guard let first = zones.first, zones.allSatisfy({ $0 == first }) else { return .universal }
    return first
  }

  var time: TimeScale { Picture.time(from: from, to: to, zone: zone) }

  /// Said below the title: the period, and which clock the sun follows.
  var period: String {
    let time = time
    var text = "\(time.stamp(from)) to \(time.stamp(to)) \(zone.name) (\(Units.format(milliseconds: to - from)))"
    if let sunTime = world.fleet.sunTime {
      let minutes = sunTime / 60_000
      let clock = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
      text += "; the sun has a clock of its own: \(clock) solar time at the run's start"
    }
    return text
  }

  static func place(_ site: Site) -> String {
    func degrees(_ value: Double, _ positive: String, _ negative: String) -> String {
      "\(Numbers.text(abs(value), decimals: 2))° \(value < 0 ? negative : positive)"
    }
    return
      "\(site.id), \(degrees(site.latitude, "N", "S")) \(degrees(site.longitude, "E", "W")), \(Numbers.brief(site.altitude, decimals: 0)) m"
  }

  var heading: String { "\(world.fleet.name), seed \(world.fleet.seed)" }
}
