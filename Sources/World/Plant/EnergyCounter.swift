import FleetSpec

/// The meter of fed-in energy, in Wh: it starts from what earlier years have left on it, and survives a loss of power.
///
/// It integrates the AC power between samples by the trapezoidal rule. A loss of power in between counts as no power.
struct EnergyCounter: Sendable {
  private(set) var wattHours: Double
  private var lastPower = 0.0

  private static let millisecondsPerHour = 3_600_000.0

  /// Commissioned 0.2 to 6 years before the run, with 1,100 full-load hours a year (engineering judgement: central Europe).
  /// - Parameter capacity: watts of AC.
  init(capacity: Double, random: RandomStream) {
    wattHours = capacity * 1100 * (0.2 + 5.8 * random.uniform(0))
  }

  /// Counts on to a sample.
  /// - Parameters:
  ///   - power: watts of AC at the sample.
  ///   - elapsed: time since the sample before, or nil when the power was lost in between or there was none.
  mutating func advance(power: Double, elapsed: Milliseconds?) {
    if let elapsed {
      wattHours += (lastPower + power) / 2 * Double(elapsed) / EnergyCounter.millisecondsPerHour
    }
    lastPower = power
  }
}
