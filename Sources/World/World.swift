import FleetSpec

/// Everything that a fleet's devices could measure: a pure function of the fleet and the instant at which the run begins.
///
/// No I/O, no wall clock, no state: streams can be made for any device, in any order, as often as wanted, and always yield the same.
public final class World: Sendable {
  public let fleet: Fleet
  /// The instant at which the run begins, ms since 1970.
  public let start: Milliseconds
  /// All devices: groups in file order, and within a group its devices in order; then their gateways, clones and second links.
  public let devices: [DeviceIdentity]
  let places: [SiteEnvironment]
  /// The devices behind each gateway.
  private let served: [Int: [Int]]
  let profiles: [ProfileModel]
  let sitePower: OutagePlan?
  let siteNetwork: OutagePlan?
  let carrierNetwork: [OutagePlan?]
  /// Nil when every device samples at its usual rate.
  let rates: RateSchedule?
  /// Nil when all devices are there all the time.
  let attendance: Attendance?
  /// The reconnect storms of the load, each with the share of the connections that it hits.
  let storms: [(plan: OutagePlan, share: Double)]

  /// - Parameters:
  ///   - fleet: a valid fleet; its seed decides every draw.
  ///   - start: the instant at which the run begins, `fleet.start` or the moment that was taken for it.
  public init(fleet: Fleet, start: Milliseconds) {
    self.fleet = fleet
    self.start = start
    places = fleet.sites.map { SiteEnvironment(site: $0, fleet: fleet, start: start) }
    profiles = fleet.profiles.map { ProfileModel($0, start: start) }
    func plan(_ outages: Outages, _ cause: Cause, _ gap: UInt64, _ length: UInt64) -> OutagePlan? {
      outages.isPossible ? OutagePlan(outages, cause: cause, gap: gap, length: length, start: start) : nil
    }
    sitePower = plan(fleet.sitePowerOutages, .site, StreamNumber.sitePowerGap, StreamNumber.sitePowerLength)
    siteNetwork = plan(fleet.siteNetworkOutages, .site, StreamNumber.siteNetworkGap, StreamNumber.siteNetworkLength)
    carrierNetwork = fleet.carriers.map {
      plan($0.networkOutages, .carrier, StreamNumber.carrierGap, StreamNumber.carrierLength)
    }
    let devices = Roster(fleet).devices
    self.devices = devices
    var served: [Int: [Int]] = [:]
    for (index, device) in devices.enumerated() where device.gateway >= 0 { served[device.gateway, default: []].append(index) }
    self.served = served
    let usual = devices.reduce(0.0) { sum, device in
      let profile = fleet.profiles[device.profile]
      return sum + Double(profile.sensors.count) * 1_000 / Double(max(1, profile.interval))
    }
    rates = RateSchedule(fleet.load, base: fleet.load.rate.map { $0 / usual } ?? 1)
    attendance = Attendance(
      fleet.load.phases, seed: fleet.seed, devices: devices,
      connections: devices.indices.map { devices[$0].gateway >= 0 ? Int(devices[$0].gateway) : $0 })
    storms = ReconnectStorms.plans(fleet.load, start: start)
  }

  /// Scratch memory for the streams of one thread.
  public func workspace() -> Workspace {
    Workspace(places: places, sensorCount: fleet.profiles.reduce(1) { max($0, $1.sensors.count) })
  }

  /// The readings of a device, from the start of the run on.
  /// - Parameters:
  ///   - device: index in `devices`.
  ///   - workspace: shared by the streams of one thread; nil makes one for this stream alone.
  public func stream(device: Int, in workspace: Workspace? = nil) -> DeviceStream {
    DeviceStream(world: self, device: device, workspace: workspace ?? self.workspace())
  }

  /// Whose readings go out through a device's connection: its own, and those of the devices that it serves as a gateway. Empty for a device
  /// that speaks through a gateway itself.
  /// - Parameter device: index in `devices`.
  public func members(ofConnection device: Int) -> [Int] {
    guard devices[device].gateway < 0 else { return [] }
    let others = served[device] ?? []
    // A gateway that measures nothing itself is there for others alone.
    return others.isEmpty || !profile(of: device).sensors.isEmpty ? [device] + others : others
  }

  /// How many connections the devices hold: those that speak through a gateway have none.
  public var connectionCount: Int { devices.reduce(0) { $0 + ($1.gateway < 0 ? 1 : 0) } }

  /// The part of the fleet that a device belongs to when `count` processes share it: devices that share a connection stay together.
  /// - Returns: 0..<count.
  public func shard(ofDevice device: Int, of count: Int) -> Int {
    let connection = devices[device].gateway >= 0 ? Int(devices[device].gateway) : device
    return connection % count
  }

  /// The MQTT client id under which a device connects.
  /// - Parameter device: index in `devices`.
  public func clientID(of device: Int) -> String {
    let identity = devices[device]
    return switch identity.twin?.kind {
    case .secondLink: identity.id + "/2"
    case .clone: fleet.groups[identity.group].doubles.cloneClientID == .same ? identity.id : identity.id + "/clone"
    case nil: identity.id
    }
  }

  /// The share of its readings that a device's gateway never hears, 0...1.
  /// - Parameter device: index in `devices`.
  public func radioLoss(of device: Int) -> Double {
    devices[device].gateway < 0 ? 0 : fleet.groups[devices[device].group].gateway?.radioLoss ?? 0
  }

  /// The profile of a device.
  /// - Parameter device: index in `devices`.
  public func profile(of device: Int) -> FirmwareProfile {
    fleet.profiles[devices[device].profile]
  }
}
