import FleetSpec

extension World {
  /// The part of `timeline(device:from:to:)` that keeps a device from measuring or from reaching anybody. Cheap: it looks at no reading.
  /// - Parameter device: index in `devices`.
  public func outages(device: Int, from: Milliseconds, to: Milliseconds) -> [PlannedEvent] {
    var timeline = Timeline(from: from, to: to)
    addPowerEvents(of: device, to: &timeline)
    addNetworkEvents(of: device, to: &timeline)
    addLinkEvents(of: device, to: &timeline)
    return timeline.sorted()
  }
}
