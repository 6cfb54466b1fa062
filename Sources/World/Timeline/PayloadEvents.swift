import FleetSpec

extension World {
  /// Readings whose payload is broken on purpose.
  func addPayloadEvents(of device: Int, to timeline: inout Timeline) {}
}
