import FleetSpec

extension Surroundings {
  /// What grid, operator and chance do to the plant at this instant, by day and by night.
  func noteEpisodes(at time: Milliseconds, _ memory: inout DeviceMemory, into conditions: inout Conditions) {
    guard profile.plant != nil else { return }
    if profile.needs.contains(.power), let events = place.gridEvents {
      if cache.curtailment?.current(at: time) != nil {
        conditions.gridLimit = events.curtailmentLimit
        conditions.faults.insert(.curtailed)
      }
      if let last = cache.disturbances?.last(at: time), time < last.end + events.reconnectAfter {
        conditions.isTripped = true
        conditions.faults.insert(.tripped)
      }
    }
    if !memory.blownFuses.isEmpty, let episode = memory.blownFuses[0].current(at: time) {
      conditions.blownString = profile.blownString(of: device, since: episode.start)
      conditions.faults.insert(.fuseBlown)
    }
  }

  /// Volts between a phase and neutral. The other two phases differ by what their neighbours draw: 0.5 %, engineering judgement within the
  /// 2 % of unbalance that EN 50160 allows.
  /// - Parameter phase: from 1.
  func phaseVoltage(_ phase: Int, _ conditions: Conditions) -> Double {
    guard phase > 1 else { return conditions.acVoltage }
    let draws = place.random.stream(StreamNumber.phaseVoltage)
    return conditions.acVoltage * (1 + 0.005 * min(max(draws.normal(UInt64(phase)), -3), 3))
  }

  /// Amperes of a phase through the meter. A home's loads are shared out unevenly: 30 % more or less (engineering judgement); what plant and
  /// storage give counts as even.
  /// - Parameter phase: from 1.
  func phaseCurrent(_ phase: Int, _ conditions: Conditions) -> Double {
    let draws = device.stream(StreamNumber.phaseShare)
    func weight(_ phase: Int) -> Double { 1 + 0.3 * min(max(draws.normal(UInt64(phase)), -2), 2) }
    let share = weight(phase) / (weight(1) + weight(2) + weight(3))
    let power = conditions.loadPower * share - (conditions.acPower + conditions.storagePower) / 3
    return abs(power) / phaseVoltage(phase, conditions)
  }
}
