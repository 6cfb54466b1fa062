import FleetSpec

extension World {
  /// Errors of the clock that are beyond its usual inaccuracy.
  func addClockEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let clock = profiles[identity.profile].clock
    let entity = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    if clock.showsLocalTime(entity) { addZone(places[identity.site].localTime.rules, to: &timeline) }
    let spans = unsetSpans(of: device, clock, entity, until: timeline.to)
    for span in spans {
      timeline.add(PlannedEvent(start: span.begin, end: span.end, fault: .clockUnset, cause: .clock))
    }
    guard clock.specification.needsSynchronisation else { return }
    var epoch = clock.epoch(at: start, of: entity)
    while epoch.start < timeline.to {
      add(clock.step(in: epoch, of: entity), .clockStepped, epoch, spans, to: &timeline)
      add(clock.farFuture(in: epoch, of: entity), .clockFarFuture, epoch, spans, to: &timeline)
      epoch = clock.epoch(at: epoch.end, of: entity)
    }
  }

  /// A time after a boot in which the clock counts from 1970.
  private struct UnsetSpan {
    /// When power returned.
    var begin: Milliseconds
    /// When the clock was set, or lost its power again.
    var end: Milliseconds
    /// When the clock was set.
    var set: Milliseconds
  }

  private func unsetSpans(
    of device: Int, _ clock: DeviceClockModel, _ entity: RandomEntity, until end: Milliseconds
  ) -> [UnsetSpan] {
    guard clock.specification.unset > 0 else { return [] }
    var spans: [UnsetSpan] = []
    var power = powerOutages(device: device)
    var boot: Int32 = 1
    while power.current.end < end {
      let begin = power.current.end
      boot += 1
      power.advance()
      // A boot that finds the clock running ends the time in which it was not set.
      if let last = spans.indices.last, spans[last].set > begin { spans[last].set = begin }
      guard let length = clock.unsetLength(boot: boot, of: entity), length > 0 else { continue }
      spans.append(UnsetSpan(begin: begin, end: min(begin + length, power.current.start), set: begin + length))
    }
    return spans
  }

  /// - Parameter spans: times after which the clock was set anew, so that a jump before is forgotten.
  private func add(
    _ jump: DeviceClockModel.Jump?, _ fault: Fault, _ epoch: DeviceClockModel.Epoch, _ spans: [UnsetSpan], to timeline: inout Timeline
  ) {
    guard let jump, jump.at < epoch.end, !spans.contains(where: { $0.begin <= jump.at && jump.at < $0.set }) else { return }
    let reset = spans.first { $0.begin > jump.at }?.begin ?? .max
    timeline.add(PlannedEvent(start: jump.at, end: min(epoch.end, reset), fault: fault, cause: .clock))
  }

  private func addZone(_ rules: TimeZoneRules, to timeline: inout Timeline) {
    for (index, period) in rules.periods.enumerated() where period.offset != 0 {
      // The first offset also holds before its period begins, the last one for ever.
      let begin = index == 0 ? start : max(start, period.since)
      let end = index + 1 < rules.periods.count ? rules.periods[index + 1].since : .max
      if begin < end { timeline.add(PlannedEvent(start: begin, end: end, fault: .wrongTimeZone, cause: .clock)) }
    }
  }
}
