/// Modules and inverter.
public struct PhotovoltaicPlant: Sendable, Equatable {
  public enum TemperatureModel: String, Sendable, CaseIterable {
    case faiman
    case sapm
  }
  public enum PowerModel: String, Sendable, CaseIterable {
    case pvwatts
    case singleDiode = "single-diode"
  }
  /// Watts of DC at standard test conditions.
  public var dcCapacity: Double
  /// Watts of AC at which the inverter clips.
  public var acCapacity: Double
  /// Degrees from horizontal, 0...90.
  public var tilt: Double
  /// Degrees clockwise from north, 0..<360.
  public var azimuth: Double
  /// Relative power per kelvin, typically -0.0035.
  public var temperatureCoefficient: Double
  /// Nominal efficiency of the inverter, 0.5...1.
  public var efficiency: Double
  /// All DC losses together (wiring, mismatch), 0...1.
  public var losses: Double
  /// Nil when the modules are fixed.
  public var tracker: Tracker?
  public var temperatureModel = TemperatureModel.faiman
  public var powerModel = PowerModel.pvwatts
  /// Years since installation when the run begins.
  public var age = 0.0
  /// Median over devices of the relative loss of power per year of age.
  public var degradation = 0.0
  /// Relative loss of power per dry day, up to `Soiling.cap`; 0 for none.
  public var soiling = 0.0
  /// Standard deviation over strings of their relative power.
  public var mismatch = 0.0
  /// How many strings feed the inverter, 1...64.
  public var strings = 1
  /// When the fuse of some string is blown: the string gives nothing until somebody replaces it.
  public var blownFuses = Outages.none
  /// The inverter's MPPT inputs, at most 8; empty for one that all modules feed.
  public var inputs: [PlantInput] = []
  /// What stands between the modules and the sun.
  public var obstacles: [Obstacle] = []
  /// Air temperature in degrees Celsius above which the inverter gives less.
  public var deratingFrom = 45.0
  /// Displacement power factor that the inverter is set to, 0.8...1.
  public var powerFactor = 1.0
}

/// One MPPT input with modules of its own orientation.
public struct PlantInput: Sendable, Equatable {
  /// Share of the DC capacity, 0...1.
  public var share: Double
  /// Degrees from horizontal.
  public var tilt: Double
  /// Degrees clockwise from north.
  public var azimuth: Double
}

/// Something that hides the sun's disc while it stands low in some directions.
public struct Obstacle: Sendable, Equatable {
  /// Degrees clockwise from north.
  public var fromAzimuth: Double
  /// Degrees clockwise from north.
  public var toAzimuth: Double
  /// Degrees above the horizon up to which the sun is hidden.
  public var elevation: Double
}

/// A battery behind the meter.
public struct Storage: Sendable, Equatable {
  /// Watt-hours.
  public var capacity: Double
  /// Watts, in either direction.
  public var power: Double
  /// Energy out over energy in, 0.5...1.
  public var efficiency: Double
}

/// What consumes energy behind the meter.
public struct Load: Sendable, Equatable {
  /// Watts on average over a day.
  public var average: Double
}

/// The operator's orders and the disturbances that the devices of a site see alike.
public struct GridEvents: Sendable, Equatable {
  /// When the grid operator limits feed-in.
  public var curtailment = Outages.none
  /// Share of the AC capacity that may be fed in meanwhile.
  public var curtailmentLimit = 0.5
  /// Dips of voltage and excursions of frequency at which inverters trip.
  public var disturbances = Outages.none
  /// How long an inverter waits after a disturbance before it feeds in again.
  public var reconnectAfter: Milliseconds = 60_000
}
