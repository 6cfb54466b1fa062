import FleetSpec
import Glibc

/// Where the sun stands, as a unit vector in the local frame: east, north, up. Without refraction.
///
/// Source: J. J. Michalsky (1988), "The Astronomical Almanac's algorithm for approximate solar position (1950-2050)", Solar Energy 40
/// (3), with the distance from the Astronomical Almanac. Accurate to 0.01 degrees from 1950 to 2050.
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

  private static let radians = Double.pi / 180
  private static let noonOfJ2000: Milliseconds = 946_728_000_000
  private static let millisecondsPerDay = 86_400_000.0

  /// - Parameters:
  ///   - instant: true time, ms since 1970.
  ///   - observer: where it is seen from.
  init(at instant: Milliseconds, observer: Observer) {
    let radians = SunPosition.radians
    let days = Double(instant - SunPosition.noonOfJ2000) / SunPosition.millisecondsPerDay
    let meanLongitude = 280.460 + 0.9856474 * days
    let anomaly = (357.528 + 0.9856003 * days) * radians
    let sineAnomaly = sin(anomaly)
    let cosineAnomaly = cos(anomaly)
    let longitude = (meanLongitude + 1.915 * sineAnomaly + 0.020 * 2 * sineAnomaly * cosineAnomaly) * radians
    let obliquity = (23.439 - 0.0000004 * days) * radians
    let sineLongitude = sin(longitude)
    // Equatorial coordinates: towards the equinox, 90 degrees east of it on the equator, and the pole.
    let x = cos(longitude)
    let y = cos(obliquity) * sineLongitude
    let z = sin(obliquity) * sineLongitude
    let universalDays = days + 0.5 - (days + 0.5).rounded(.down)
    let greenwichHours = 6.697375 + 0.0657098242 * days + 24 * universalDays
    let sidereal = (greenwichHours * 15 + observer.longitude) * radians
    let sineSidereal = sin(sidereal)
    let cosineSidereal = cos(sidereal)
    let towardsMeridian = x * cosineSidereal + y * sineSidereal
    let westOfMeridian = x * sineSidereal - y * cosineSidereal
    east = -westOfMeridian
    north = observer.cosineLatitude * z - observer.sineLatitude * towardsMeridian
    up = observer.sineLatitude * z + observer.cosineLatitude * towardsMeridian
    let cosineTwice = 2 * cosineAnomaly * cosineAnomaly - 1
    let distance = 1.00014 - 0.01671 * cosineAnomaly - 0.00014 * cosineTwice
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
