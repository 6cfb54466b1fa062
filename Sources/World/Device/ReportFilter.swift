import FleetSpec
import Glibc

/// Report by exception: which of a sample's values become readings.
///
/// A value is reported when it differs from the one its sensor reported last by more than the deadband, when its quality differs, when the
/// sensor has been silent for the heartbeat, and always after a boot. A deadband in percent is one of the sensor's range (OPC UA Part 8,
/// PercentDeadband); an absolute one is in the sensor's unit. It depends on the values alone, and so does everything that is numbered by it.
struct ReportFilter: Sendable {
  /// What a device remembers of a sensor.
  struct Last: Sendable {
    var value: Int64 = 0
    /// When it was reported; `.min` for never.
    var time: Milliseconds = .min
    var quality = Quality.good
  }

  /// By sensor, in steps of its resolution.
  private let deadbands: [UInt64]
  private let heartbeat: Milliseconds

  /// Nil when all values are reported.
  init?(_ profile: FirmwareProfile) {
    let policy = profile.reporting
    guard policy.mode != .all else { return nil }
    heartbeat = policy.heartbeat > 0 ? policy.heartbeat : .max
    deadbands = profile.sensors.map { sensor in
      guard policy.mode == .deadband else { return 0 }
      let band = sensor.deadband ?? policy.deadband * (sensor.maximum - sensor.minimum)
      // The nudge keeps 0.3 at a resolution of 0.1 from becoming two steps.
      return UInt64(min(max(0, band * pow(10, Double(sensor.decimals)) + 1e-6), 9e18))
    }
  }

  /// Whether a value is reported; if so, it is remembered.
  func admits(_ value: Int64, _ quality: Quality, sensor: Int, at time: Milliseconds, _ last: inout Last) -> Bool {
    let change = UInt64(bitPattern: value > last.value ? value &- last.value : last.value &- value)
    guard last.time == .min || quality != last.quality || change > deadbands[sensor] || time - last.time >= heartbeat else { return false }
    last = Last(value: value, time: time, quality: quality)
    return true
  }
}
