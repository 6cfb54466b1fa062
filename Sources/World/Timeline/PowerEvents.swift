import FleetSpec

extension World {
  /// Losses of power, each cause by itself: those that overlap are all told.
  func addPowerEvents(of device: Int, to timeline: inout Timeline) {
    for source in powerSources(of: device) { add(source, fault: .powerLost, to: &timeline) }
  }

  /// Losses of the network, each cause by itself.
  func addNetworkEvents(of device: Int, to timeline: inout Timeline) {
    for source in networkSources(of: device) { add(source, fault: .networkLost, to: &timeline) }
  }

  private func add(_ source: OutageSource, fault: Fault, to timeline: inout Timeline) {
    var source = source
    while source.next.start < timeline.to {
      timeline.add(PlannedEvent(start: source.next.start, end: source.next.end, fault: fault, cause: source.next.cause))
      source.advance()
    }
  }

  /// Episodes of a process.
  /// - Parameter extra: how long each shows after its end.
  func add(
    _ process: OutageProcess, fault: Fault, cause: Cause, sensor: Int32 = -1, extra: Milliseconds = 0, to timeline: inout Timeline
  ) {
    var process = process
    while process.next.start < timeline.to {
      timeline.add(
        PlannedEvent(start: process.next.start, end: process.next.end + extra, fault: fault, cause: cause, sensor: sensor))
      process.advance()
    }
  }
}
