import FleetSpec

/// Makes the list of a fleet's devices: those of the groups in file order, then gateways, clones and second links.
struct Roster {
  private(set) var devices: [DeviceIdentity] = []
  private let fleet: Fleet
  /// The first gateway of each group in `devices`.
  private var firstGateway: [Int] = []

  init(_ fleet: Fleet) {
    self.fleet = fleet
    devices.reserveCapacity(fleet.deviceCount)
    var gateways = fleet.groups.reduce(0) { $0 + $1.deviceIDs.count }
    for group in fleet.groups {
      firstGateway.append(gateways)
      gateways += group.gateway?.ids.count ?? 0
    }
    for (number, group) in fleet.groups.enumerated() { addDevices(number, group) }
    for (number, group) in fleet.groups.enumerated() { addGateways(number, group) }
    for kind in [DeviceIdentity.Twin.Kind.clone, .secondLink] { addTwins(kind) }
  }

  private mutating func addDevices(_ number: Int, _ group: DeviceGroup) {
    for (index, id) in group.deviceIDs.enumerated() {
      let site = group.sites[index % group.sites.count]
      devices.append(
        DeviceIdentity(
          id: id, site: site, siteID: fleet.sites[site].id, group: number, profile: group.profile,
          gateway: group.gateway.map { firstGateway[number] + gateway(of: index, $0, group) } ?? -1))
    }
  }

  /// The gateway of a group's device: one fills up after the other at each site.
  private func gateway(of index: Int, _ gateway: GatewayGroup, _ group: DeviceGroup) -> Int {
    let rank = index % group.sites.count
    return gatewaysBefore(rank, gateway, group) + index / group.sites.count / gateway.devices
  }

  /// How many gateways stand at the sites before the one of a given rank.
  private func gatewaysBefore(_ rank: Int, _ gateway: GatewayGroup, _ group: DeviceGroup) -> Int {
    let sites = group.sites.count
    // The first sites have one device more than the others, and perhaps one gateway more.
    let longer = min(rank, group.count % sites)
    let many = GatewayGroup.count(devices: group.count, each: gateway.devices, rank: 0, sites: sites)
    let few = GatewayGroup.count(devices: group.count, each: gateway.devices, rank: sites - 1, sites: sites)
    return longer * many + (rank - longer) * few
  }

  private mutating func addGateways(_ number: Int, _ group: DeviceGroup) {
    guard let gateway = group.gateway else { return }
    var next = 0
    for (rank, site) in group.sites.enumerated() {
      for _ in 0..<GatewayGroup.count(devices: group.count, each: gateway.devices, rank: rank, sites: group.sites.count) {
        devices.append(
          DeviceIdentity(id: gateway.ids[next], site: site, siteID: fleet.sites[site].id, group: number, profile: gateway.profile))
        next += 1
      }
    }
  }

  private mutating func addTwins(_ kind: DeviceIdentity.Twin.Kind) {
    var index = 0
    for group in fleet.groups {
      let share = kind == .clone ? group.doubles.clones : group.doubles.secondLinks
      if share > 0 {
        for device in index..<(index + group.deviceIDs.count) {
          let original = devices[device]
          let draw = RandomStream(
            seed: fleet.seed, device: original.randomEntity, stream: kind == .clone ? StreamNumber.clone : StreamNumber.secondLink)
          guard draw.uniform(0) < share else { continue }
          devices.append(
            DeviceIdentity(
              id: original.id, site: original.site, siteID: original.siteID, group: original.group, profile: original.profile,
              gateway: kind == .clone ? original.gateway : otherGateway(original), twin: DeviceIdentity.Twin(of: device, kind: kind)))
        }
      }
      index += group.deviceIDs.count
    }
  }

  /// A second gateway that hears a device: the next one of the group at its site, or -1 when there is none.
  private func otherGateway(_ device: DeviceIdentity) -> Int {
    guard device.gateway >= 0 else { return -1 }
    let first = firstGateway[device.group]
    let here = (first..<(first + (fleet.groups[device.group].gateway?.ids.count ?? 0))).filter { devices[$0].site == device.site }
    guard here.count > 1, let place = here.firstIndex(of: device.gateway) else { return -1 }
    return here[(place + 1) % here.count]
  }
}
