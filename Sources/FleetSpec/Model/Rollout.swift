/// A version of a device's firmware: what differs from the profile as it is written.
public struct FirmwareVersion: Sendable, Equatable {
  /// The version string that the device reports.
  public var firmware: String
  /// Time between two samples.
  public var interval: Milliseconds
  /// What differs for sensors, by their index in the profile.
  public var sensorOverrides: [Int: SensorOverride] = [:]
  /// Share of broken payloads, or nil for the profile's.
  public var malformed: Double?
}

/// What a version of the firmware does differently with a sensor.
public struct SensorOverride: Sendable, Equatable {
  /// The unit of the value.
  public var unit: String
  /// The unit that the payload states; another one than `unit` is the bug of a version that converts but does not say so.
  public var label: String
  /// Decimal places, 0...6.
  public var decimals: Int

  public init(unit: String, label: String, decimals: Int) {
    self.unit = unit
    self.label = label
    self.decimals = decimals
  }
}

/// A step of a rollout: some of a profile's devices change their firmware, each at a moment of its own.
public struct RolloutStep: Sendable, Equatable {
  public enum Change: Sendable, Equatable {
    /// To a version; index into `FirmwareProfile.versions`.
    case update(to: Int)
    /// From a version back to the one that the device had before; devices that do not run it do nothing.
    case rollback(of: Int)
  }
  public var change: Change
  /// When the first device may change.
  public var beginning: ScheduledOutage.Beginning
  /// How long it takes until the last one has; each draws its moment uniformly.
  public var over: Milliseconds
  /// Share of the devices that take part, 0...1.
  public var share: Double
  /// Share of the updates that fail: the device boots again and again until it goes back to the old version.
  public var failures: Double
  /// How long a change takes the device off.
  public var updateTime: Milliseconds

  /// A device whose update has failed boots again after this long (engineering judgement).
  public static let failurePeriod: Milliseconds = 45_000
  /// How long a boot takes it off (engineering judgement).
  public static let resetLength: Milliseconds = 1_000
  /// It gives up after a uniformly drawn time within these bounds (engineering judgement).
  public static let failureLength = DurationRange(lower: 180_000, upper: 900_000)
}

extension FirmwareProfile {
  /// All versions; the first is the profile as it is written.
  public var versions: [FirmwareVersion] { [FirmwareVersion(firmware: firmware, interval: interval)] + laterVersions }
}
