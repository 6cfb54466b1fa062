import FleetSpec

extension World {
  /// What happens to plant and grid.
  func addPlantEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let profile = profiles[identity.profile]
    let place = places[identity.site]
    let seesGrid = !profile.needs.isDisjoint(with: [.gridFrequency, .gridVoltage])
    let feedsIn = profile.needs.contains(.power)
    if feedsIn, let process = place.curtailment { add(process, fault: .curtailed, cause: .gridOperator, to: &timeline) }
    if let process = place.disturbances {
      if seesGrid { add(process, fault: .gridDisturbed, cause: .grid, to: &timeline) }
      if feedsIn {
        add(process, fault: .tripped, cause: .grid, extra: place.gridEvents?.reconnectAfter ?? 0, to: &timeline)
      }
    }
    if profile.needs.contains(.plane), let plan = profile.plans.stalls {
      let entity = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
      add(OutageProcess(plan, of: entity), fault: .trackerStalled, cause: .plant, to: &timeline)
    }
  }
}
