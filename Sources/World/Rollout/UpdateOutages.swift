import FleetSpec

/// The times at which changes of the firmware take a device off: the change itself, the boots of a device whose update has failed, and the
/// way back.
struct UpdateOutages: Sendable {
  private(set) var next: Outage
  private let rollout: RolloutModel
  private let device: RandomEntity

  /// - Parameter start: the instant at which the run begins.
  init(_ rollout: RolloutModel, of device: RandomEntity, start: Milliseconds) {
    self.rollout = rollout
    self.device = device
    next = Outage(start: start, end: start)
    advance()
  }

  mutating func advance() {
    let time = next.end
    var found = Outage.never
    rollout.forEachUpdate(of: device) { update in
      let candidates = UpdateOutages.outages(of: update, from: time)
      for index in candidates.indices where candidates[index].start >= time && candidates[index].start < found.start {
        found = candidates[index]
      }
    }
    next = found
  }

  private static func outages(of update: RolloutModel.Update, from time: Milliseconds) -> InlineArray<3, Outage> {
    let change = Outage(start: update.moment, end: update.moment + update.updateTime, cause: .update)
    var all = InlineArray<3, Outage>(repeating: .never)
    all[0] = change
    guard let givesUp = update.givesUp else { return all }
    all[2] = Outage(start: givesUp, end: givesUp + update.updateTime, cause: .update)
    let period = RolloutStep.failurePeriod
    let passed = max(1, (time - change.end + period - 1) / period)
    let boot = change.end + passed * period
    if boot + RolloutStep.resetLength < givesUp {
      all[1] = Outage(start: boot, end: boot + RolloutStep.resetLength, cause: .rebootLoop)
    }
    return all
  }
}
