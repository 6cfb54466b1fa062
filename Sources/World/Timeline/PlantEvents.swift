import FleetSpec

extension World {
  /// What happens to plant and grid, as far as the device has a sensor that shows it.
  func addPlantEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let profile = profiles[identity.profile]
    let place = places[identity.site]
    let random = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    let shown = profile.sensors.reduce(into: FaultSet()) { $0.formUnion($1.quantity.plantFaults) }
    if shown.contains(.gridDisturbed), let process = place.disturbances {
      add(process, fault: .gridDisturbed, cause: .grid, to: &timeline)
    }
    guard let plant = profile.plant else { return }
    if shown.contains(.curtailed), let process = place.curtailment { add(process, fault: .curtailed, cause: .gridOperator, to: &timeline) }
    if shown.contains(.tripped), let process = place.disturbances {
      add(process, fault: .tripped, cause: .grid, extra: place.gridEvents?.reconnectAfter ?? 0, to: &timeline)
    }
    if shown.contains(.trackerStalled), let plan = profile.plans.stalls {
      add(OutageProcess(plan, of: random), fault: .trackerStalled, cause: .plant, to: &timeline)
    }
    if shown.contains(.fuseBlown), let plan = profile.plans.blownFuses { addBlownFuses(plan, of: random, profile, to: &timeline) }
    if shown.contains(.shaded) { addShade(plant.shading, at: place, to: &timeline) }
  }

  private func addBlownFuses(_ plan: OutagePlan, of random: RandomEntity, _ profile: ProfileModel, to timeline: inout Timeline) {
    var process = OutageProcess(plan, of: random)
    while process.next.start < timeline.to {
      var episode = process.next
      process.advance()
      while process.next.start <= episode.end, process.next.start < .max {
        episode.end = max(episode.end, process.next.end)
        process.advance()
      }
      let string = profile.blownString(of: random, since: episode.start)
      if profile.sensors.contains(where: { $0.plantFaults(blownString: string).contains(.fuseBlown) }) {
        timeline.add(PlannedEvent(start: episode.start, end: episode.end, fault: .fuseBlown, cause: .plant))
      }
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
