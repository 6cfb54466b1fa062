import FleetSpec
import Glibc

/// The sun's apparent place among the stars and its distance, which change so slowly that they are worked out every four hours and
/// interpolated in between.
///
/// Source: I. Reda, A. Andreas (2004), "Solar position algorithm for solar radiation applications", Solar Energy 76, tables A4.2 and A4.3, whose
/// series are those of P. Bretagnon, G. Francou (1988), VSOP87. Terms that move the sun by less than 0.0001 degrees are left out, of
/// nutation those after the fourth (J. Meeus, 1998, "Astronomical Algorithms", chapter 22), and the sun's latitude, which stays below 0.0003 degrees.
enum SunEphemeris {
  /// The sun as the centre of the Earth sees it.
  struct Place: Sendable {
    /// Equatorial coordinates of the direction: towards the equinox, 90 degrees east of it on the equator, and the pole.
    var x = 0.0
    var y = 0.0
    var z = 0.0
    /// Apparent minus mean sidereal time, degrees.
    var equinoxes = 0.0
    /// One over the square of the distance in astronomical units.
    var closeness = 1.0
  }

  /// The two places between which the instants that were asked for last lie; never changes a result.
  struct Cache: Sendable {
    fileprivate var cell = Int64.min
    fileprivate var before = Place()
    fileprivate var after = Place()
  }

  private static let step: Milliseconds = 4 * 3_600_000
  private static let radians = Double.pi / 180
  private static let noonOfJ2000: Milliseconds = 946_728_000_000

  /// - Parameter instant: ms since 1970. The direction is a unit vector but for one part in a million.
  static func place(at instant: Milliseconds, _ cache: inout Cache) -> Place {
    let quotient = instant / step
    let cell = instant < 0 && quotient * step != instant ? quotient - 1 : quotient
    if cache.cell != cell {
      cache.before = cache.cell != .min && cache.cell + 1 == cell ? cache.after : exactPlace(at: cell * step)
      cache.after = exactPlace(at: (cell + 1) * step)
      cache.cell = cell
    }
    let fraction = Double(instant - cell * step) / Double(step)
    let before = cache.before
    let after = cache.after
    return Place(
      x: before.x + (after.x - before.x) * fraction, y: before.y + (after.y - before.y) * fraction,
      z: before.z + (after.z - before.z) * fraction, equinoxes: before.equinoxes + (after.equinoxes - before.equinoxes) * fraction,
      closeness: before.closeness + (after.closeness - before.closeness) * fraction)
  }

  private static func exactPlace(at instant: Milliseconds) -> Place {
    // Dynamical time is ahead of universal time by about a minute, in which the sun moves by 0.0007 degrees.
    let centuries = (Double(instant - noonOfJ2000) / 86_400_000 + 67 / 86_400.0) / 36_525
    let millennia = centuries / 10
    var longitude = (52_919 + 8720 * cos(1.0721 + 6283.0758 * millennia)) * millennia * millennia
    for index in longitudeRates.indices { longitude += longitudeRates[index].value(millennia) * millennia }
    for index in longitudes.indices { longitude += longitudes[index].value(millennia) }
    var distance = 0.0
    for index in distanceRates.indices { distance += distanceRates[index].value(millennia) * millennia }
    for index in distances.indices { distance += distances[index].value(millennia) }
    distance *= 1e-8

    let node = (125.04452 - 1934.136261 * centuries) * radians
    let twiceSun = 2 * (280.4665 + 36_000.7698 * centuries) * radians
    let twiceMoon = 2 * (218.3165 + 481_267.8813 * centuries) * radians
    let nutation = (-17.2 * sin(node) - 1.32 * sin(twiceSun) - 0.23 * sin(twiceMoon) + 0.21 * sin(2 * node)) / 3600
    let tilting = (9.2 * cos(node) + 0.57 * cos(twiceSun) + 0.1 * cos(twiceMoon) - 0.09 * cos(2 * node)) / 3600
    let obliquity = (23.439291 - 0.0130042 * centuries + tilting) * radians
    // Light takes eight minutes: the sun is seen where it stood then.
    let aberration = 20.4898 / 3600 / distance
    let apparent = longitude * 1e-8 + .pi + (nutation - aberration) * radians
    let sine = sin(apparent)
    return Place(
      x: cos(apparent), y: cos(obliquity) * sine, z: sin(obliquity) * sine, equinoxes: nutation * cos(obliquity),
      closeness: 1 / (distance * distance))
  }

  /// A term of a series in units of 1e-8: radians of the Earth's longitude, or astronomical units of its distance.
  private struct Term: Sendable {
    let amplitude: Double
    let phase: Double
    let frequency: Double

    init(_ amplitude: Double, _ phase: Double, _ frequency: Double) {
      self.amplitude = amplitude
      self.phase = phase
      self.frequency = frequency
    }

    func value(_ millennia: Double) -> Double { amplitude * cos(phase + frequency * millennia) }
  }

  private static let longitudes: InlineArray<26, Term> = [
    Term(175_347_046, 0, 0), Term(3_341_656, 4.6692568, 6283.07585), Term(34_894, 4.6261, 12_566.1517), Term(3497, 2.7441, 5753.3849),
    Term(3418, 2.8289, 3.5231), Term(3136, 3.6277, 77_713.7715), Term(2676, 4.4181, 7860.4194), Term(2343, 6.1352, 3930.2097),
    Term(1324, 0.7425, 11_506.7698), Term(1273, 2.0371, 529.691), Term(1199, 1.1096, 1577.3435), Term(990, 5.233, 5884.927),
    Term(902, 2.045, 26.298), Term(857, 3.508, 398.149), Term(780, 1.179, 5223.694), Term(753, 2.533, 5507.553),
    Term(505, 4.583, 18_849.228), Term(492, 4.205, 775.523), Term(357, 2.92, 0.067), Term(317, 5.849, 11_790.629),
    Term(284, 1.899, 796.298), Term(271, 0.315, 10_977.079), Term(243, 0.345, 5486.778), Term(206, 4.806, 2544.314),
    Term(205, 1.869, 5573.143), Term(202, 2.458, 6069.777),
  ]
  private static let longitudeRates: InlineArray<4, Term> = [
    Term(628_331_966_747, 0, 0), Term(206_059, 2.678235, 6283.07585), Term(4303, 2.6351, 12_566.1517), Term(425, 1.59, 3.523),
  ]
  private static let distances: InlineArray<6, Term> = [
    Term(100_013_989, 0, 0), Term(1_670_700, 3.0984635, 6283.07585), Term(13_956, 3.05525, 12_566.1517), Term(3084, 5.1985, 77_713.7715),
    Term(1628, 1.1739, 5753.3849), Term(1576, 2.8469, 7860.4194),
  ]
  private static let distanceRates: InlineArray<2, Term> = [
    Term(103_019, 1.10749, 6283.07585), Term(1721, 1.0644, 12_566.1517),
  ]
}
