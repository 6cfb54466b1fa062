/// What goes wrong with a single sensor beyond its everyday inaccuracy. Everything is off by default.
public struct SensorTroubles: Sendable, Equatable {
  /// Standard deviation of 1/f noise, in the sensor's unit.
  public var flickerNoise = 0.0
  /// Standard deviation over devices of the random walk after one year, in the sensor's unit.
  public var randomWalk = 0.0
  /// Time constant of a first-order lag; 0 means none.
  public var lag: Milliseconds = 0
  /// Episodes in which the sensor goes on showing the value from before.
  public var stuck = Outages.none
  /// Probability per reading of a spike, 0...1.
  public var spikes = 0.0
  /// How far spikes reach in the mean, in the sensor's unit.
  public var spikeSize = 0.0
  /// Probability per sample that the reading does not exist, 0...1.
  public var dropout = 0.0
  /// Episodes in which the sensor makes no readings.
  public var dropouts = Outages.none
  /// Mean time from the start of the run until the sensor begins to die; 0 means that it never does.
  public var life: Milliseconds = 0
  /// How long dying takes.
  public var dying: Milliseconds = 0
  /// Time between two recalibrations, each of which takes all drift away; 0 means never.
  public var recalibration: Milliseconds = 0
  /// How the register counts, for quantities that are counters.
  public var counter: CounterRegister?

  public init() {}

  /// Whether nothing of it can ever show.
  public var areNone: Bool { self == SensorTroubles() }
}

/// How a device keeps a counter.
public struct CounterRegister: Sendable, Equatable {
  public enum Reset: String, Sendable, CaseIterable {
    case never
    /// Every day at local midnight.
    case midnight
    /// With every boot.
    case boot
  }
  /// Width of the register; 0 for one that never ends.
  public var bits = 0
  /// Whether it begins from 0 again when it is full; else it stays full.
  public var wraps = true
  /// What one count stands for, in the sensor's unit.
  public var step = 1.0
  public var reset = Reset.never
  /// How long after midnight the daily reset comes.
  public var resetSkew: Milliseconds = 0
  /// Whether the daily reset knows nothing of summer time, and so comes an hour late in summer.
  public var ignoresDaylightSaving = false
  /// How many samples after a boot show 0 before the real value is there.
  public var zeroAtBoot = 0
  /// What the register shows at the start of the run, in the sensor's unit; nil leaves it to the plant's age.
  public var beginsAt: Double?

  public init() {}
}

/// How a payload is broken on purpose. The raw value is its spelling in a profile.
public enum MalformedKind: String, Sendable, CaseIterable {
  case truncated
  case missingField = "missing_field"
  case wrongType = "wrong_type"
  case notANumber = "nan"
  case null
  case syntax
  case timestampFormat = "timestamp_format"
  case oversized
  case wrongUnit = "wrong_unit"
  case outOfRange = "out_of_range"
  case unknownDevice = "unknown_device"
}

/// How often one kind of broken payload occurs, relative to the others.
public struct MalformedWeight: Sendable, Equatable {
  public var kind: MalformedKind
  public var weight: Double

  public init(_ kind: MalformedKind, _ weight: Double) {
    self.kind = kind
    self.weight = weight
  }

  /// The four kinds that every fleet has had from the beginning, all equally often.
  public static let standard: [MalformedWeight] = [
    MalformedWeight(.truncated, 1), MalformedWeight(.missingField, 1), MalformedWeight(.wrongType, 1), MalformedWeight(.notANumber, 1),
  ]
}
