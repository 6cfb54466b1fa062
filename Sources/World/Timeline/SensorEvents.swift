import FleetSpec

extension World {
  /// Faults of single sensors and of counters.
  func addSensorEvents(of device: Int, to timeline: inout Timeline) {}
}
