import FleetSpec
import Glibc

/// Where the sun stands, as a unit vector in the local frame: east, north, up. Without refraction.
///
/// Source: J. Meeus (1998), "Astronomical Algorithms", 2nd edition, chapters 12, 22 and 25: equation of the centre, aberration and
/// the largest terms of nutation, with the parallax of an observer on the ground. Within 0.01 degrees of NREL's SPA (I. Reda, A. Andreas,
/// 2004) from 1980 to 2060 at any place; the test `PvlibSunTests` states by how much.
struct SunPosition: Sendable, Equatable {
  var east: Double
  /// Towards the north.
  var north: Double
  /// The cosine of the zenith angle; negative at night.
  var up: Double
  /// Irradiance on a plane that faces the sun outside the atmosphere, in W/m2.
  var extraterrestrial: Double

  /// Total solar irradiance in W/m2 at one astronomical unit. Source: Gueymard (2018), Solar Energy 168, 1361.1.
  static let solarConstant = 1361.1

  /// The sine of 8.794 arc seconds.
  private static let parallax = 4.2635e-5
  private static let radians = Double.pi / 180
  private static let noonOfJ2000: Milliseconds = 946_728_000_000
  private static let millisecondsPerDay = 86_400_000.0

  /// - Parameters:
  ///   - instant: true time, ms since 1970.
  ///   - observer: where it is seen from.
  init(at instant: Milliseconds, observer: Observer) {
    let radians = SunPosition.radians
    let days = Double(instant - SunPosition.noonOfJ2000) / SunPosition.millisecondsPerDay
    // Dynamical time is ahead of universal time by about a minute, in which the sun moves by 0.0007 degrees.
    let centuries = (days + 67 / 86_400.0) / 36_525
    let anomaly = (357.52911 + 35_999.05029 * centuries - 0.000_153_7 * centuries * centuries) * radians
    let sineAnomaly = sin(anomaly)
    let cosineAnomaly = cos(anomaly)
    let sineTwice = 2 * sineAnomaly * cosineAnomaly
    let sineThrice = sineAnomaly * (3 - 4 * sineAnomaly * sineAnomaly)
    let centre = (1.914602 - 0.004817 * centuries) * sineAnomaly + (0.019993 - 0.000101 * centuries) * sineTwice + 0.000289 * sineThrice
    let node = sin((125.04 - 1934.136 * centuries) * radians)
    let nutation = -0.00478 * node
    let trueLongitude = 280.46646 + 36_000.76983 * centuries + 0.0003032 * centuries * centuries + centre
    let longitude = (trueLongitude - 0.00569 + nutation) * radians
    let cosineNode = cos((125.04 - 1934.136 * centuries) * radians)
    let obliquity = (23.439291 - 0.0130042 * centuries + 0.00256 * cosineNode) * radians
    let sineLongitude = sin(longitude)
    // Equatorial coordinates: towards the equinox, 90 degrees east of it on the equator, and the pole.
    let x = cos(longitude)
    let y = cos(obliquity) * sineLongitude
    let z = sin(obliquity) * sineLongitude
    let turns = days - days.rounded(.down)
    let greenwich = 280.46061837 + 0.98564736629 * days + 360 * turns + nutation * 0.9175
    let sidereal = (greenwich + observer.longitude) * radians
    let sineSidereal = sin(sidereal)
    let cosineSidereal = cos(sidereal)
    let towardsMeridian = x * cosineSidereal + y * sineSidereal
    let westOfMeridian = x * sineSidereal - y * cosineSidereal
    let geocentricUp = observer.sineLatitude * z + observer.cosineLatitude * towardsMeridian
    // Seen from the ground instead of the centre of the Earth, the sun stands lower by up to 8.8 arc seconds.
    let parallax = SunPosition.parallax
    let length = 1 / (1 - 2 * parallax * geocentricUp + parallax * parallax).squareRoot()
    east = -westOfMeridian * length
    north = (observer.cosineLatitude * z - observer.sineLatitude * towardsMeridian) * length
    up = (geocentricUp - parallax) * length
    let eccentricity = 0.016708634 - 0.000042037 * centuries
    let distance = 1.000_001_018 * (1 - eccentricity * eccentricity) / (1 + eccentricity * cos(anomaly + centre * radians))
    extraterrestrial = SunPosition.solarConstant / (distance * distance)
  }

  /// Degrees above the horizon, without refraction.
  var elevation: Double { asin(min(max(up, -1), 1)) / SunPosition.radians }

  /// Degrees clockwise from north, 0..<360.
  var azimuth: Double {
    let degrees = atan2(east, north) / SunPosition.radians
    return degrees < 0 ? degrees + 360 : degrees
  }

  /// A place on Earth with what the sun's position needs of it worked out.
  struct Observer: Sendable {
    /// Degrees east.
    let longitude: Double
    let sineLatitude: Double
    let cosineLatitude: Double

    /// - Parameters: degrees north and degrees east.
    init(latitude: Double, longitude: Double) {
      self.longitude = longitude
      sineLatitude = sin(latitude * SunPosition.radians)
      cosineLatitude = cos(latitude * SunPosition.radians)
    }
  }
}
