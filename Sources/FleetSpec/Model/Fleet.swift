/// Whole milliseconds: an instant counted from 1970-01-01T00:00:00Z, or a duration.
///
/// The device payloads carry milliseconds, and no phenomenon that is simulated needs a finer step.
public typealias Milliseconds = Int64

/// A fleet file after parsing, includes, overrides, defaults and profile look-up: everything a run needs to know.
///
/// Two equal values describe the same readings, byte for byte, as long as `start` is set or `sunTime` is.
public struct Fleet: Sendable, Equatable {
  /// The fleet's name; becomes part of the run folder's name.
  public var name: String
  /// Every random draw of the run derives from this number.
  public var seed: UInt64
  /// The instant at which the run begins, or nil for the moment at which it is started.
  public var start: Milliseconds?
  /// Local mean solar time at every site when the run begins, in milliseconds since midnight, or nil when the sun follows the timestamps.
  public var sunTime: Milliseconds?
  /// The day on which the sun stands when `sunTime` is set: month 1...12 and day 1...31.
  public var sunDate: MonthDay
  /// How long devices measure, in simulated time.
  public var duration: Milliseconds
  /// How long devices may go on emptying their buffers after the last measurement, in simulated time.
  public var drain: Milliseconds
  /// The sites, patterns already expanded; at least one.
  public var sites: [Site]
  /// The groups of devices, in file order; at least one.
  public var groups: [DeviceGroup]
  /// The profiles that the groups use, fleet-wide faults already merged into them.
  public var profiles: [FirmwareProfile]
  /// Outages of a whole site's network: every device of the site loses its connection at once.
  public var siteNetworkOutages: Outages
  /// Power cuts of a whole site.
  public var sitePowerOutages: Outages
  /// Where devices publish, or nil in a fleet that is only traced or planned.
  public var transport: FleetTransport?
  /// What the pipeline promises, and where its rows end up.
  public var pipeline: Pipeline
  /// The most that a run may show of each verdict before it counts as failed.
  public var thresholds: [Threshold]
  /// How much of the fleet is there at which time, and how often it measures.
  public var load = LoadPlan()
  /// Which formulas the sky follows.
  public var sky = SkyModels()
  /// Mobile networks whose outages hit devices at all sites at once.
  public var carriers: [Carrier] = []
  /// What the devices of a site see alike of the grid.
  public var grid = GridEvents()

  /// The number of devices over all groups, gateways included.
  public var deviceCount: Int { groups.reduce(0) { $0 + $1.count + ($1.gateway?.ids.count ?? 0) } }
}

/// A day of the year without a year.
public struct MonthDay: Sendable, Equatable {
  /// 1...12.
  public var month: Int
  /// 1...31.
  public var day: Int
  public init(month: Int, day: Int) {
    self.month = month
    self.day = day
  }
}

/// A place with its own sun, clouds, power and network.
public struct Site: Sendable, Equatable {
  /// Unique within the fleet.
  public var id: String
  /// Degrees north, -90...90.
  public var latitude: Double
  /// Degrees east, -180...180.
  public var longitude: Double
  /// Metres above sea level, -500...9000.
  public var altitude: Double
  /// The share of time under cloud, 0...1.
  public var cloudiness: Double
  /// What devices at the site take for local time.
  public var timeZone = TimeZoneRules.universal
  /// Linke turbidity by month, January first; empty for a climatology by latitude.
  public var linkeTurbidity: [Double] = []
  /// The share of light that the ground reflects, 0...1.
  public var albedo = 0.2
  /// Metres from one end of the site to the other; its devices are spread over a square of this size.
  public var extent = 500.0
}

/// Devices of one firmware profile.
public struct DeviceGroup: Sendable, Equatable {
  /// Index into `Fleet.profiles`.
  public var profile: Int
  /// How many devices; at least 1.
  public var count: Int
  /// Indices into `Fleet.sites`; device i of the group stands at `sites[i % sites.count]`.
  public var sites: [Int]
  /// The identifier of each device, expanded from the group's pattern; unique within the fleet.
  public var deviceIDs: [String]
  /// Through what the devices speak, or nil when each has a connection of its own.
  public var gateway: GatewayGroup?
  /// Devices that share their id with another one.
  public var doubles = Doubles()
  /// Index into `Fleet.carriers`, or nil.
  public var carrier: Int?
}

/// A mobile network.
public struct Carrier: Sendable, Equatable {
  /// Unique within the fleet.
  public var name: String
  public var networkOutages: Outages
}
