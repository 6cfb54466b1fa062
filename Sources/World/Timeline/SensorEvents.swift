import FleetSpec

extension World {
  /// Faults of single sensors that the seed has planned by the clock.
  func addSensorEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let random = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    for sensor in profiles[identity.profile].sensors { sensor.troubles?.addEvents(of: random, to: &timeline) }
  }
}
