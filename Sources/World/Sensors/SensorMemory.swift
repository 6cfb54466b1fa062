import FleetSpec

/// What the sensors of a device carry from one sample to the next; empty, and without memory of its own, where none of them needs to.
struct SensorMemory: Sendable {
  /// By `TroubleDesign.stateSlot`.
  var states: [SensorState] = []
  /// By `TroubleDesign.stuckSlot` and `dropoutSlot`: the episode that comes next or is under way.
  var episodes: [OutageProcess] = []

  init() {}

  init(_ profile: ProfileModel, of device: RandomEntity) {
    guard profile.stateCount + profile.episodeCount > 0 else { return }
    states = [SensorState](repeating: SensorState(), count: profile.stateCount)
    for sensor in profile.sensors { sensor.troubles?.addEpisodes(of: device, to: &episodes) }
  }

  /// Whether an episode is under way. Instants must ascend.
  mutating func isUnderWay(_ slot: Int, at time: Milliseconds) -> Bool {
    while episodes[slot].next.end <= time { episodes[slot].advance() }
    return episodes[slot].next.start <= time
  }
}
