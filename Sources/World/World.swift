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
  /// Who speaks to the broker for whom.
  public let connections: Connections
  let places: [SiteEnvironment]
  let profiles: [ProfileModel]

  /// - Parameters:
  ///   - fleet: a valid fleet; its seed decides every draw.
  ///   - start: the instant at which the run begins, `fleet.start` or the moment that was taken for it.
  public init(fleet: Fleet, start: Milliseconds) {
    self.fleet = fleet
    self.start = start
    places = fleet.sites.map { SiteEnvironment(site: $0, fleet: fleet, start: start) }
    profiles = fleet.profiles.map { ProfileModel($0, start: start) }
    let devices = Roster(fleet).devices
    connections = Connections(devices) { !fleet.profiles[devices[$0].profile].sensors.isEmpty }
    self.devices = devices
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

  /// A device's own power cuts and its site's.
  /// - Parameter device: index in `devices`.
  public func powerOutages(device: Int) -> OutageSchedule {
    let identity = devices[device]
    let own = OutageProcess(
      fleet.profiles[identity.profile].powerOutages, seed: fleet.seed, entity: identity.randomEntity,
      gap: StreamNumber.devicePowerGap, length: StreamNumber.devicePowerLength, start: start)
    let shared = OutageProcess(
      fleet.sitePowerOutages, seed: fleet.seed, entity: places[identity.site].entity,
      gap: StreamNumber.sitePowerGap, length: StreamNumber.sitePowerLength, start: start)
    return OutageSchedule(own, shared)
  }

  /// A device's own network outages and its site's; those of its gateway where it speaks through one.
  /// - Parameter device: index in `devices`.
  public func networkOutages(device: Int) -> OutageSchedule {
    let identity = devices[devices[device].gateway ?? device]
    let own = OutageProcess(
      fleet.profiles[identity.profile].networkOutages, seed: fleet.seed, entity: identity.linkEntity,
      gap: StreamNumber.deviceNetworkGap, length: StreamNumber.deviceNetworkLength, start: start)
    let shared = OutageProcess(
      fleet.siteNetworkOutages, seed: fleet.seed, entity: places[identity.site].entity,
      gap: StreamNumber.siteNetworkGap, length: StreamNumber.siteNetworkLength, start: start)
    return OutageSchedule(own, shared)
  }

  /// The profile of a device.
  /// - Parameter device: index in `devices`.
  public func profile(of device: Int) -> FirmwareProfile {
    fleet.profiles[devices[device].profile]
  }
}
