import FleetSpec

extension World {
  /// What happens to plant and grid, as far as the device has a sensor that shows it.
  func addPlantEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let profile = profiles[identity.profile]
    let place = places[identity.site]
    let random = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    let shown = profile.sensors.reduce(into: FaultSet()) { $0.formUnion($1.quantity.plantFaults) }
    if shown.contains(.gridDisturbed) {
      timeline.add(place.disturbances, .gridDisturbed, .grid)
    }
    guard let plant = profile.plant else { return }
    if shown.contains(.curtailed) { timeline.add(place.curtailment, .curtailed, .gridOperator) }
    if shown.contains(.tripped) {
      timeline.add(place.disturbances, .tripped, .grid, longerBy: place.gridEvents?.reconnectAfter ?? 0)
    }
    if shown.contains(.trackerStalled) { timeline.add(profile.stalls(of: random), .trackerStalled, .plant) }
    if shown.contains(.fuseBlown) { addBlownFuses(of: random, profile, to: &timeline) }
    if shown.contains(.shaded) { addShade(plant.shading, at: place, to: &timeline) }
  }

  private func addBlownFuses(of random: RandomEntity, _ profile: ProfileModel, to timeline: inout Timeline) {
    guard var process = profile.blownFuses(of: random) else { return }
    while process.next.start < timeline.to {
      let string = profile.blownString(of: random, since: process.next.start)
      if profile.sensors.contains(where: { $0.plantFaults(blownString: string).contains(.fuseBlown) }) {
        timeline.add(PlannedEvent(start: process.next.start, end: process.next.end, fault: .fuseBlown, cause: .plant))
      }
      process.advance()
    }
  }

  /// When obstacles hide the sun: looked for minute by minute, then narrowed down to the millisecond.
  private func addShade(_ shading: Shading, at place: SiteEnvironment, to timeline: inout Timeline) {
    guard !shading.isEmpty else { return }
    var ephemeris = SunEphemeris.Cache()
    func isShaded(_ time: Milliseconds) -> Bool { shading.hides(place.sun(at: time, &ephemeris)) }
    /// The first instant of `(lower, upper]` at which the state is no longer that of `lower`.
    func change(_ lower: Milliseconds, _ upper: Milliseconds) -> Milliseconds {
      var low = lower
      var high = upper
      let state = isShaded(lower)
      while high - low > 1 {
        let middle = low + (high - low) / 2
        if isShaded(middle) == state { low = middle } else { high = middle }
      }
      return high
    }
    let step: Milliseconds = 60_000
    // Outside polar summers no shade lasts longer than a day, so that one that has begun before the span has its true start.
    var time = max(start, timeline.from > .min + SunClock.day ? timeline.from - SunClock.day : start)
    var since: Milliseconds? = isShaded(time) ? time : nil
    while time < timeline.to || since != nil {
      let next = time + step
      let state = isShaded(next)
      if state != (since != nil) {
        let instant = change(time, next)
        if let begun = since {
          timeline.add(PlannedEvent(start: begun, end: instant, fault: .shaded, cause: .plant))
          since = nil
        } else {
          since = instant
        }
      }
      time = next
    }
  }
}

extension Timeline {
  /// The episodes of a renewal process.
  /// - Parameter longerBy: how long their effect lasts beyond their end.
  mutating func add(_ process: OutageProcess?, _ fault: Fault, _ cause: Cause, longerBy: Milliseconds = 0) {
    guard var process else { return }
    while process.next.start < to {
      add(PlannedEvent(start: process.next.start, end: process.next.end + longerBy, fault: fault, cause: cause))
      process.advance()
    }
  }
}
