import FleetSpec

extension World {
  /// Updates of the firmware.
  func addRolloutEvents(of device: Int, to timeline: inout Timeline) {}
}
