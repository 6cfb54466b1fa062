/// Makes a failing scenario as small as it gets while it still fails: fewest devices, shortest time, fewest fault sites.
struct Shrinker {
  private let fails: (Scenario) -> Bool
  /// The most scenarios that are played.
  private static let patience = 200
  private var played = 0

  init(_ fails: @escaping (Scenario) -> Bool) { self.fails = fails }

  mutating func shrink(_ scenario: Scenario) -> Scenario {
    var best = scenario
    var before: Scenario
    repeat {
      before = best
      best = fewerSites(best)
      best = fewerDevices(best)
      best = lessTime(best)
    } while best != before && played < Shrinker.patience
    return best
  }

  private mutating func stillFails(_ scenario: Scenario) -> Bool {
    guard played < Shrinker.patience else { return false }
    played += 1
    return fails(scenario)
  }

  /// First large parts of the list, then smaller ones, as delta debugging does (Zeller and Hildebrandt 2002).
  private mutating func fewerSites(_ scenario: Scenario) -> Scenario {
    var best = scenario
    var size = max(1, best.sites.count / 2)
    while true {
      var index = 0
      while index < best.sites.count {
        var candidate = best
        candidate.sites.removeSubrange(index..<min(index + size, best.sites.count))
        if stillFails(candidate) { best = candidate } else { index += size }
      }
      guard size > 1 else { return best }
      size /= 2
    }
  }

  private mutating func fewerDevices(_ scenario: Scenario) -> Scenario {
    for devices in 1..<max(2, scenario.devices) where devices < scenario.devices {
      var candidate = scenario
      candidate.devices = devices
      if stillFails(candidate) { return candidate }
    }
    return scenario
  }

  private mutating func lessTime(_ scenario: Scenario) -> Scenario {
    for minutes in 1..<max(2, scenario.minutes) where minutes < scenario.minutes {
      var candidate = scenario
      candidate.minutes = minutes
      if stillFails(candidate) { return candidate }
    }
    return scenario
  }
}
