import FleetSpec

extension World {
  /// Links that look open and are not, or not in both directions, and certificates that run out.
  func addLinkEvents(of device: Int, to timeline: inout Timeline) {
    for var episode in linkEpisodes(device: device) {
      let (fault, cause): (Fault, Cause) =
        switch episode.trouble {
        case .dead: (.linkDead, .device)
        case .acknowledgementsLost: (.acknowledgementsLost, .device)
        case .certificateExpired: (.certificateExpired, .certificate)
        }
      while episode.current.start < timeline.to {
        timeline.add(PlannedEvent(start: episode.current.start, end: episode.current.end, fault: fault, cause: cause))
        episode.advance()
      }
    }
  }
}
