/// The clock that stamps readings.
public struct DeviceClock: Sendable, Equatable {
  /// Standard deviation over devices of the error right after a synchronisation.
  public var offset: Milliseconds
  /// Standard deviation over devices of the rate error, in parts per million.
  public var driftPPM: Double
  /// Time between two synchronisations; 0 means never.
  public var synchronisation: Milliseconds
  /// How the rate error changes with the square of the distance from 25 degrees Celsius, in ppm/K2; not above 0.
  public var curvature = 0.0
  public var correction = Correction.step
  /// Mean time between two jumps that nobody asked for; 0 means none. They last until the next synchronisation.
  public var stepsEvery: Milliseconds = 0
  /// Standard deviation of such a jump, in either direction.
  public var stepSize: Milliseconds = 0
  /// Mean time between two jumps far into the future; 0 means none. They last until the next synchronisation.
  public var farFutureEvery: Milliseconds = 0
  /// How far.
  public var farFutureBy: Milliseconds = 0
  /// Probability that a boot finds the clock without power, 0...1: it counts from 1970 on until it is synchronised.
  public var unset = 0.0
  /// How long after such a boot the first synchronisation comes.
  public var unsetFor = DurationRange(lower: 0, upper: 0)
  /// Share of the devices that stamp their readings with local time as if it were universal time, 0...1.
  public var localTime = 0.0

  /// How a synchronisation takes an error away.
  public enum Correction: String, Sendable, CaseIterable {
    /// At once: the clock jumps forwards or backwards.
    case step
    /// At 500 ppm, as adjtime(3) and NTP (RFC 5905) do with small errors: the clock never runs backwards.
    case slew
  }

  /// Whether a fault of the clock ends with a synchronisation.
  public var needsSynchronisation: Bool { stepsEvery > 0 || farFutureEvery > 0 }
}
