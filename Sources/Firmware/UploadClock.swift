import FleetSpec
import World

/// When a device uploads what it has gathered: on round times, each with a random delay.
///
/// The delay of upload k of a device is drawn by k alone, so it does not depend on what happened to the uploads before. Data loggers spread
/// their uploads over up to 10 minutes like this (manuals of KOSTAL and SMA).
struct UploadClock {
  let schedule: UploadSchedule
  let device: RandomEntity
  /// Of the device's site: a daily upload is at a time of the local day.
  let timeZone: TimeZoneRules

  private static let delays: UInt64 = 65_557
  private static let day: Milliseconds = 86_400_000

  init(schedule: UploadSchedule, device: RandomEntity, timeZone: TimeZoneRules) {
    self.schedule = schedule
    self.device = device
    self.timeZone = timeZone
  }

  /// - Parameter device: index in `World.devices`.
  init(_ schedule: UploadSchedule, world: World, device: Int) {
    let identity = world.devices[device]
    self.init(
      schedule: schedule, device: RandomEntity(seed: world.fleet.seed, entity: identity.linkEntity),
      timeZone: world.fleet.sites[identity.site].timeZone)
  }

  /// The first upload after an instant.
  func next(after time: Milliseconds) -> Milliseconds {
    // Local clocks are at most a day away from UTC.
    let earliest = time - schedule.at - schedule.delay.upper - (isDaily ? Self.day : 0)
    var index = earliest / schedule.every - (earliest % schedule.every < 0 ? 1 : 0)
    while instant(index) <= time { index += 1 }
    return instant(index)
  }

  private var isDaily: Bool { schedule.every % Self.day == 0 }

  private func instant(_ index: Int64) -> Milliseconds {
    let span = Double(schedule.delay.upper - schedule.delay.lower + 1)
    let share = device.stream(Self.delays).uniform(UInt64(bitPattern: index))
    return roundTime(index) + schedule.delay.lower + Milliseconds(share * span)
  }

  /// Periods of less than a day count from 1970-01-01T00:00Z, whole days from local midnight.
  private func roundTime(_ index: Int64) -> Milliseconds {
    let shown = index * schedule.every + schedule.at
    guard isDaily else { return shown }
    return shown - timeZone.offset(at: shown - timeZone.offset(at: shown))
  }
}
