import FleetSpec

extension World {
  /// Errors of the clock that are beyond its usual inaccuracy.
  func addClockEvents(of device: Int, to timeline: inout Timeline) {}
}
