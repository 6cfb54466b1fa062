import FleetSpec
import World

/// When a device uploads what it has gathered: on round times, each with a random delay.
///
/// The delay of upload k of a device is drawn by k alone, so it does not depend on what happened to the uploads before. Data loggers spread
/// their uploads over up to 10 minutes like this (manuals of KOSTAL and SMA).
struct UploadClock {
  let schedule: UploadSchedule
  let device: RandomEntity

  private static let delays: UInt64 = 65_557

  /// The first upload after an instant. Round times count from midnight UTC.
  func next(after time: Milliseconds) -> Milliseconds {
    let every = schedule.every
    let earliest = time - schedule.at - schedule.delay.upper
    var index = earliest / every - (earliest % every < 0 ? 1 : 0)
    while instant(index) <= time { index += 1 }
    return instant(index)
  }

  private func instant(_ index: Int64) -> Milliseconds {
    let span = Double(schedule.delay.upper - schedule.delay.lower + 1)
    let share = device.stream(Self.delays).uniform(UInt64(bitPattern: index))
    return index * schedule.every + schedule.at + schedule.delay.lower + Milliseconds(share * span)
  }
}
