import FleetSpec
import Glibc

/// Where the sun stands, as a unit vector in the local frame: east, north, up. Without refraction.
///
/// Sources: the apparent place of `SunEphemeris` (Reda and Andreas, 2004), sidereal time by J. Meeus (1998), "Astronomical Algorithms",
/// chapter 12, and the parallax of an observer on the ground. Within 0.002 degrees of NREL's SPA from 1980 to 2060 at any place; the
/// test `PvlibSunTests` states by how much.
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
    var cache = SunEphemeris.Cache()
    self.init(at: instant, observer: observer, &cache)
  }

  /// - Parameters:
  ///   - instant: true time, ms since 1970.
  ///   - observer: where it is seen from.
  ///   - cache: makes a series of instants five times as fast and changes nothing else.
  init(at instant: Milliseconds, observer: Observer, _ cache: inout SunEphemeris.Cache) {
    let place = SunEphemeris.place(at: instant, &cache)
    let days = Double(instant - SunPosition.noonOfJ2000) / SunPosition.millisecondsPerDay
    let centuries = days / 36_525
    let turns = days - days.rounded(.down)
    let greenwich = 280.46061837 + 0.98564736629 * days + 360 * turns + 0.000_387_933 * centuries * centuries + place.equinoxes
    let sidereal = (greenwich + observer.longitude) * SunPosition.radians
    let sine = sin(sidereal)
    let cosine = cos(sidereal)
    let towardsMeridian = place.x * cosine + place.y * sine
    let eastOfMeridian = place.y * cosine - place.x * sine
    let towardsNorth = observer.cosineLatitude * place.z - observer.sineLatitude * towardsMeridian
    // Seen from the ground instead of the centre of the Earth, the sun stands lower by up to 8.8 arc seconds.
    let upwards = observer.sineLatitude * place.z + observer.cosineLatitude * towardsMeridian - SunPosition.parallax
    let length = 1 / (eastOfMeridian * eastOfMeridian + towardsNorth * towardsNorth + upwards * upwards).squareRoot()
    east = eastOfMeridian * length
    north = towardsNorth * length
    up = upwards * length
    extraterrestrial = SunPosition.solarConstant * place.closeness
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
