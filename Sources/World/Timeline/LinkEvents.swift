import FleetSpec

extension World {
  /// Links that look open and are not, or not in both directions, and certificates that run out.
  func addLinkEvents(of device: Int, to timeline: inout Timeline) {
    for var episode in linkEpisodes(device: device) {
      let fault: Fault =
        switch episode.trouble {
        case .dead: .linkDead
        case .acknowledgementsLost: .acknowledgementsLost
        case .certificateExpired: .certificateExpired
        }
      while episode.current.start < timeline.to {
        timeline.add(PlannedEvent(start: episode.current.start, end: episode.current.end, fault: fault, cause: episode.current.cause))
        episode.advance()
      }
    }
  }
}
