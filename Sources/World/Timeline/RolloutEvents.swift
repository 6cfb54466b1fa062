import FleetSpec

extension World {
  /// Changes of the firmware, and those that fail.
  func addRolloutEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let entity = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    profiles[identity.profile].rollout.forEachUpdate(of: entity) { update in
      timeline.add(PlannedEvent(start: update.moment, end: update.moment + update.updateTime, fault: .updated, cause: .update))
      guard let givesUp = update.givesUp else { return }
      timeline.add(PlannedEvent(start: update.moment, end: givesUp + update.updateTime, fault: .updateFailed, cause: .update))
    }
  }
}
