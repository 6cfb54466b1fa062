import FleetSpec

extension World {
  /// What happens to plant and grid.
  func addPlantEvents(of device: Int, to timeline: inout Timeline) {}
}
