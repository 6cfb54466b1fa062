import FleetSpec
import Glibc

/// A sensor that comes to its end: from a drawn day on its noise grows and its gain falls, until it shows nothing.
///
/// The day is exponentially distributed, as that of parts that fail at random is (engineering judgement; moisture in a pyranometer or a
/// thermocouple that comes loose looks like this).
struct SlowDeath: Sendable {
  let life: Milliseconds
  let dying: Milliseconds

  /// Noise at the end, relative to the sensor's range.
  static let finalNoise = 0.05
  private static let longest = 3.2e13

  /// When it begins, relative to the start of the run; `.max` for a sensor that does not die.
  func onset(_ draws: RandomStream) -> Milliseconds {
    guard life > 0 else { return .max }
    return Milliseconds(min(Double(life) * draws.exponential(0), SlowDeath.longest))
  }

  /// 0 for a sound sensor, 1 for a dead one.
  func progress(elapsed: Milliseconds, onset: Milliseconds) -> Double {
    guard elapsed >= onset else { return 0 }
    return dying > 0 ? min(1, Double(elapsed - onset) / Double(dying)) : 1
  }
}
