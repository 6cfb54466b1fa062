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
  /// How the payload is broken on purpose. The value here is the one that was sent, or would have been.
  public var malformation: Malformation
  /// Index of the firmware version in the profile's versions; 0 is the one that the profile begins with.
  public var version: UInt8
  /// What went wrong on the way from the true value and the true time to what is shown here.
  public var faults: FaultSet
  /// The number that the payload bears: `seq`, or where firmware forgets it at a boot, the ordinal since then.
  public var sequence: Int64
  /// Whether the value is the change since the sensor's reading before this one.
  public var isDifference: Bool

  /// - Parameter sequence: `seq` when it is nil.
  public init(
    boot: Int32, sensor: Int32, seq: Int64, timestamp: Milliseconds, trueTime: Milliseconds, value: Int64, quality: Quality,
    malformation: Malformation, version: UInt8 = 0, faults: FaultSet = [], sequence: Int64? = nil,
    isDifference: Bool = false
  ) {
    self.boot = boot
    self.sensor = sensor
    self.seq = seq
    self.timestamp = timestamp
    self.trueTime = trueTime
    self.value = value
    self.quality = quality
    self.malformation = malformation
    self.version = version
    self.faults = faults
    self.sequence = sequence ?? seq
    self.isDifference = isDifference
  }
}
