import FleetSpec

/// Delta encoding: readings that carry the change since the sensor's reading before them.
///
/// What counts is the order of measuring, not of arrival, as on a device that encodes when it samples. So a pipeline that loses a reading, takes
/// one twice or puts late ones in another order is wrong from there on until the device boots. Values that the payload breaks on purpose do
/// not count: the device itself knows better.
struct DeltaEncoding: Sendable {
  /// What a device shows before its first reading, which is whole therefore.
  private static let nothing = Int64.min

  /// By sensor, the value shown last, in steps of its resolution; empty when no sensor of the device encodes differences.
  private var last: [Int64]

  init(_ profile: ProfileModel) {
    last = profile.hasDeltas ? Array(repeating: DeltaEncoding.nothing, count: profile.sensors.count) : []
  }

  /// Begins anew, as firmware does that keeps the last value in memory that does not outlive a boot.
  mutating func forget() {
    for index in last.indices { last[index] = DeltaEncoding.nothing }
  }

  /// What a sensor's reading carries instead of its value, and whether that is a difference.
  mutating func encode(_ value: Int64, sensor: Int, _ encoding: ValueEncoding) -> (value: Int64, isDifference: Bool) {
    guard encoding == .delta else { return (value, false) }
    defer { last[sensor] = value }
    return last[sensor] == DeltaEncoding.nothing ? (value, false) : (value &- last[sensor], true)
  }
}
