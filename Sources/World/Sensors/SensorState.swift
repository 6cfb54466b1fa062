/// What a sensor carries from one sample to the next. Kept only for sensors that lag, get stuck or count.
struct SensorState: Sendable {
  /// What a sensor with a lag has come to; not a number before the first sample.
  var followed = Double.nan
  /// Fixed point: what was shown last, for the time when it gets stuck.
  var held = Int64.min
  /// The counter's total at the sample before.
  var total = 0.0
  /// The total at which the counter was 0.
  var base = 0.0
  /// How often it has rolled over since then.
  var wraps = 0.0
  /// The day of the last daily reset.
  var day: Int32 = 0
  /// 0 before the first sample.
  var boot: Int32 = 0
  var samplesSinceBoot: Int32 = 0
  /// What has happened and has not yet shown in a reading.
  var pending: FaultSet = []
}
