import FleetSpec

extension World {
  /// A device's own losses of power, whatever their cause, and its site's.
  /// - Parameter device: index in `devices`.
  public func powerOutages(device: Int) -> OutageSchedule { OutageSchedule(powerSources(of: device)) }

  /// A device's own network outages, its site's and its carrier's.
  /// - Parameter device: index in `devices`.
  public func networkOutages(device: Int) -> OutageSchedule { OutageSchedule(networkSources(of: device)) }

  /// Each cause of losses of power by itself.
  func powerSources(of device: Int) -> [OutageSource] {
    let identity = devices[device]
    let profile = profiles[identity.profile]
    let entity = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    let place = places[identity.site]
    var sources: [OutageSource] = []
    if let plan = profile.plans.power { sources.append(.process(OutageProcess(plan, of: entity))) }
    if let plan = sitePower { sources.append(.process(OutageProcess(plan, of: place.random))) }
    if let plan = profile.plans.brownOuts { sources.append(.process(OutageProcess(plan, of: entity))) }
    if let plan = profile.plans.watchdog { sources.append(.process(OutageProcess(plan, of: entity))) }
    if let plan = profile.plans.rebootLoops, let loops = profile.specification.rebootLoops {
      sources.append(.flapping(FlappingProcess(loops, plan: plan, of: entity)))
    }
    if !profile.rollout.isEmpty { sources.append(.updates(UpdateOutages(profile.rollout, of: entity, start: start))) }
    if let sine = profile.plans.sineOfNight { sources.append(.night(NightProcess(sineOfElevation: sine, place: place, start: start))) }
    return sources
  }

  /// Each cause of network outages by itself; those of its gateway where a device speaks through one.
  func networkSources(of device: Int) -> [OutageSource] {
    let identity = devices[device].gateway < 0 ? devices[device] : devices[devices[device].gateway]
    let profile = profiles[identity.profile]
    let entity = RandomEntity(seed: fleet.seed, entity: identity.linkEntity)
    var sources: [OutageSource] = []
    if let plan = profile.plans.network { sources.append(.process(OutageProcess(plan, of: entity))) }
    if let plan = siteNetwork { sources.append(.process(OutageProcess(plan, of: places[identity.site].random))) }
    if let carrier = fleet.groups[identity.group].carrier, let plan = carrierNetwork[carrier] {
      let number = Entity.number(of: "carrier/" + fleet.carriers[carrier].name)
      sources.append(.process(OutageProcess(plan, of: RandomEntity(seed: fleet.seed, entity: number))))
    }
    if let plan = profile.plans.flapping, let flapping = profile.specification.flapping {
      sources.append(.flapping(FlappingProcess(flapping, plan: plan, of: entity)))
    }
    return sources + stormSources(entity)
  }
}
