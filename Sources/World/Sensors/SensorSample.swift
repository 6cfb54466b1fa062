import FleetSpec

/// What the sensors of a device have in common when a sample is taken.
struct SensorSample {
  let device: RandomEntity
  /// True time, ms since 1970.
  let time: Milliseconds
  /// Since the start of the run.
  let elapsed: Milliseconds
  /// Since the sample before; the whole run so far for the first.
  let sinceLast: Milliseconds
  /// Number of the sample, for the noise.
  let ordinal: UInt64
  let boot: Int32
  /// Index of the firmware version.
  let version: UInt8
  let ambientTemperature: Double
  /// Where, for what firmware does by local time.
  let place: SiteEnvironment
}

/// What a sensor shows.
struct Shown: Equatable {
  /// Fixed point.
  var value: Int64
  var quality: Quality
  var faults: FaultSet = []
  /// Whether there is a reading at all.
  var exists = true
}
