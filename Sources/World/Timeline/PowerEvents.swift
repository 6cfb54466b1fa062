import FleetSpec

extension World {
  /// Losses of power, whatever their cause.
  func addPowerEvents(of device: Int, to timeline: inout Timeline) {
    var schedule = powerOutages(device: device)
    while schedule.current.start < timeline.to {
      timeline.add(PlannedEvent(start: schedule.current.start, end: schedule.current.end, fault: .powerLost, cause: .device))
      schedule.advance()
    }
  }

  /// Losses of the network, whatever their cause.
  func addNetworkEvents(of device: Int, to timeline: inout Timeline) {
    var schedule = networkOutages(device: device)
    while schedule.current.start < timeline.to {
      timeline.add(PlannedEvent(start: schedule.current.start, end: schedule.current.end, fault: .networkLost, cause: .device))
      schedule.advance()
    }
  }
}
