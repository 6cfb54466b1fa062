import FleetSpec

/// Where a sensor finds what it carries on among that of its device; -1 for what it does not need.
struct SensorSlots: Sendable {
  var state = -1
  var stuck = -1
  var dropout = -1

  /// The slots of a profile's sensors, in their order, and how many states and episodes there are.
  static func assign(_ sensors: [Sensor]) -> (slots: [SensorSlots], states: Int, episodes: Int) {
    var states = 0
    var episodes = 0
    let all = sensors.map { sensor -> SensorSlots in
      var slots = SensorSlots()
      let troubles = sensor.troubles
      if troubles.lag > 0 || troubles.stuck.isPossible || troubles.recalibration > 0 || troubles.counter != nil {
        slots.state = states
        states += 1
      }
      if troubles.stuck.isPossible {
        slots.stuck = episodes
        episodes += 1
      }
      if troubles.dropouts.isPossible {
        slots.dropout = episodes
        episodes += 1
      }
      return slots
    }
    return (all, states, episodes)
  }
}
