import FleetSpec

/// The interruptions of one kind that hit one entity, in ascending order of their start. What is scheduled may overlap what is drawn.
struct OutageProcess: Sendable {
  private let plan: OutagePlan
  private let entity: RandomEntity
  private var random: Outage
  private var index: UInt32 = 0
  private var scheduled: UInt32 = 0

  init(_ plan: OutagePlan, of entity: RandomEntity) {
    self.plan = plan
    self.entity = entity
    random = plan.next(after: plan.start, index: 0, of: entity)
  }

  init(_ outages: Outages, of entity: RandomEntity, gap: UInt64, length: UInt64, start: Milliseconds, cause: Cause = .device) {
    self.init(OutagePlan(outages, cause: cause, gap: gap, length: length, start: start), of: entity)
  }

  /// The outage that comes next; after the last possible one it starts at `.max`.
  var next: Outage {
    guard scheduled < plan.scheduled.count else { return random }
    let fixed = plan.scheduled[Int(scheduled)]
    return fixed.start <= random.start ? fixed : random
  }

  mutating func advance() {
    if scheduled < plan.scheduled.count, plan.scheduled[Int(scheduled)].start <= random.start {
      scheduled += 1
    } else if random.start < .max {
      index += 1
      random = plan.next(after: random.end, index: UInt64(index), of: entity)
    }
  }
}
