import FleetSpec
import World

/// How a device stands to the phases of the load.
struct DeviceAttendance {
  let world: World
  /// The phases do not have the device there; it may still have something to send.
  var isLeaving: Bool
  /// It has nothing left to send, and no connection.
  var isAbsent: Bool
  /// When the phases let it come or go next.
  var change: Milliseconds

  /// - Returns: nil where a device is there from the beginning and never goes.
  init?(world: World, device: Int) {
    change = world.attendanceChange(of: device, after: world.start)
    isLeaving = !world.isPresent(device, at: world.start)
    guard isLeaving || change < .max else { return nil }
    self.world = world
    isAbsent = isLeaving
  }
}

/// Devices that the load's phases let come and go.
extension DeviceFirmware {
  var isAbsent: Bool { attendance.first?.isAbsent ?? false }

  var attendanceChange: Milliseconds { attendance.first?.change ?? .max }

  /// A device that comes connects within a few seconds; one that goes stays until everything that it has is sent.
  mutating func changeAttendance(at time: Milliseconds, _ now: Milliseconds) {
    attendance[0].isLeaving = !attendance[0].world.isPresent(device, at: time)
    attendance[0].change = attendance[0].world.attendanceChange(of: device, after: time)
    guard !attendance[0].isLeaving, isAbsent else { return }
    attendance[0].isAbsent = false
    if phase == .offline && !isOff && !networkDown && !isAsleep { reconnectAt = now + dice.startDelay(within: startWithin) }
  }

  /// Says goodbye when the load's phases let the device go and nothing is left to be sent.
  mutating func leaveIfDone(_ link: some DeviceLink) {
    guard let standing = attendance.first, standing.isLeaving, !standing.isAbsent, isIdle, phase != .closed else { return }
    attendance[0].isAbsent = true
    if phase == .connected || phase == .connecting { link.disconnect(device) }
    enter(.offline)
    buffer.endLive()
    reconnectAt = .max
  }

  /// Devices that are switched on together do not start in step.
  var startWithin: Milliseconds { min(settings.profile.interval, 5_000) }
}
