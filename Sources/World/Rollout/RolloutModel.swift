import FleetSpec

/// How the firmware of a profile's devices changes over time.
///
/// Whether a device takes part in a step, when, and whether it fails is drawn for each step independently: cohorts of a staged rollout
/// (engineering judgement).
struct RolloutModel: Sendable {
  private let steps: [RolloutStep]
  private let begins: [Milliseconds]

  /// - Parameter start: the instant at which the run begins.
  init(_ steps: [RolloutStep], start: Milliseconds) {
    self.steps = steps
    begins = steps.map { max(start, $0.beginning.time(start: start)) }
  }

  var isEmpty: Bool { steps.isEmpty }

  /// What one step does to one device.
  struct Update: Sendable, Equatable {
    /// When the device goes off to change.
    var moment: Milliseconds
    /// How long a change takes it off.
    var updateTime: Milliseconds
    /// When it gives up and goes back, or nil when all goes well.
    var givesUp: Milliseconds?
    /// Before and after; the same when there was nothing to take back.
    var from: UInt8
    var to: UInt8

    /// The version that it runs at an instant from `moment` on.
    func version(at time: Milliseconds) -> UInt8 {
      if let givesUp, time >= givesUp { return from }
      return to
    }
  }

  /// The updates of a device in order of time. They are few: at most one for each step.
  func forEachUpdate(of device: RandomEntity, _ body: (Update) -> Void) {
    var done: (moment: Milliseconds, step: Int) = (.min, -1)
    var version: UInt8 = 0
    // The version before each version.
    var previous = InlineArray<17, UInt8>(repeating: 0)
    var busyUntil = Milliseconds.min
    while let next = nextStep(after: done, of: device) {
      done = next
      // A device that still struggles with one step leaves out the next.
      guard next.moment >= busyUntil, let update = update(next, version, previous, device) else { continue }
      if case .update(let target) = steps[next.step].change, update.givesUp == nil { previous[min(target, 16)] = version }
      version = update.version(at: .max)
      busyUntil = (update.givesUp ?? update.moment) + update.updateTime
      body(update)
    }
  }

  private func update(
    _ next: (moment: Milliseconds, step: Int), _ version: UInt8, _ previous: InlineArray<17, UInt8>, _ device: RandomEntity
  ) -> Update? {
    let step = steps[next.step]
    let draws = device.stream(StreamNumber.rollout)
    let index = UInt64(next.step) * 4
    switch step.change {
    case .rollback(let target):
      guard version == UInt8(clamping: target) else { return nil }
      return Update(
        moment: next.moment, updateTime: step.updateTime, givesUp: nil, from: version, to: previous[min(target, 16)])
    case .update(let target):
      var givesUp: Milliseconds?
      if draws.uniform(index + 2) < step.failures {
        let bounds = RolloutStep.failureLength
        givesUp =
          next.moment + step.updateTime + bounds.lower
          + Milliseconds(draws.below(UInt64(bounds.upper - bounds.lower + 1), index + 3))
      }
      return Update(
        moment: next.moment, updateTime: step.updateTime, givesUp: givesUp, from: version, to: UInt8(clamping: target))
    }
  }

  /// The step in which a device takes part next.
  private func nextStep(after done: (moment: Milliseconds, step: Int), of device: RandomEntity) -> (moment: Milliseconds, step: Int)? {
    let draws = device.stream(StreamNumber.rollout)
    var found: (moment: Milliseconds, step: Int)?
    for (number, step) in steps.enumerated() where draws.uniform(UInt64(number) * 4) < step.share {
      let moment = begins[number] + Milliseconds(draws.below(UInt64(step.over) + 1, UInt64(number) * 4 + 1))
      guard (moment, number) > done else { continue }
      if let known = found, known < (moment, number) { continue }
      found = (moment, number)
    }
    return found
  }

  /// The version that a device runs, and when that changes next (`.max` for never).
  func version(at time: Milliseconds, of device: RandomEntity) -> (version: UInt8, until: Milliseconds) {
    var result: (version: UInt8, until: Milliseconds) = (0, .max)
    guard !steps.isEmpty else { return result }
    forEachUpdate(of: device) { update in
      if update.moment > time {
        result.until = min(result.until, update.moment)
      } else {
        result.version = update.version(at: time)
        if let givesUp = update.givesUp, givesUp > time { result.until = min(result.until, givesUp) }
      }
    }
    return result
  }
}
