import FleetSpec

/// One value of one sensor: one message, one row.
public struct Reading: Sendable, Equatable {
  /// How often the device had started when the sample was taken; the first start is 1.
  public var boot: Int32
  /// Index in the profile's sensors.
  public var sensor: Int32
  /// The ordinal of the reading within its device since the start of the run, from 0, continuing over boots.
  public var seq: Int64
  /// When the sample was taken by the device's clock, ms since 1970.
  public var timestamp: Milliseconds
  /// When the sample was taken by true time, ms since 1970.
  public var trueTime: Milliseconds
  /// Fixed point: the shown value times 10^decimals of the sensor.
  public var value: Int64
  public var quality: Quality
  /// How the payload is broken on purpose; the value here is the intact one.
  public var malformation: Malformation

  public init(
    boot: Int32, sensor: Int32, seq: Int64, timestamp: Milliseconds, trueTime: Milliseconds, value: Int64, quality: Quality,
    malformation: Malformation
  ) {
    self.boot = boot
    self.sensor = sensor
    self.seq = seq
    self.timestamp = timestamp
    self.trueTime = trueTime
    self.value = value
    self.quality = quality
    self.malformation = malformation
  }
}
