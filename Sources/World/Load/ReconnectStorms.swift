import FleetSpec

/// Cuts that hit a share of all connections at once, who then all come back at once.
enum ReconnectStorms {
  static func plans(_ load: LoadPlan, start: Milliseconds) -> [(plan: OutagePlan, share: Double)] {
    load.spikes.compactMap { spike in
      guard case .cut(let share) = spike.kind else { return nil }
      var outages = Outages.none
      outages.schedule = [ScheduledOutage(beginning: .after(spike.after), length: spike.length)]
      return (OutagePlan(outages, cause: .schedule, gap: 0, length: 0, start: start), share)
    }
  }
}
