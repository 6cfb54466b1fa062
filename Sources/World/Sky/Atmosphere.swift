import Glibc

/// The air that sunlight passes on its way to a site.
///
/// Relative air mass: F. Kasten, A. T. Young (1989), "Revised optical air mass tables and approximation formula", Applied Optics 28.
/// Refraction: I. Reda, A. Andreas (2004), "Solar position algorithm for solar radiation applications", Solar Energy 76, at 12 degrees Celsius.
/// Pressure by altitude: US standard atmosphere as in pvlib's `alt2pres`.
struct Atmosphere: Sendable {
  /// hPa.
  let pressure: Double

  private static let degrees = 180 / Double.pi

  /// - Parameter altitude: metres above sea level.
  init(altitude: Double) {
    pressure = pow((44_331.514 - altitude) / 11_880.516, 1 / 0.190_263_2)
  }

  /// How high the sun appears.
  struct ApparentSun: Sendable {
    var cosineZenith: Double
    /// Degrees above the horizon.
    var elevation: Double
  }

  /// The sun as refraction shows it.
  func apparent(_ sun: SunPosition) -> ApparentSun {
    let elevation = asin(min(max(sun.up, -1), 1)) * Atmosphere.degrees
    // Above 60 degrees refraction lifts the sun by less than 0.01 degrees, which changes no irradiance that is printed.
    guard sun.up <= 0.9, elevation >= -0.833 else { return ApparentSun(cosineZenith: sun.up, elevation: elevation) }
    let lift = pressure / 1010 * (283 / 285) * 1.02 / (60 * tan((elevation + 10.3 / (elevation + 5.11)) / Atmosphere.degrees))
    return ApparentSun(cosineZenith: sin((elevation + lift) / Atmosphere.degrees), elevation: elevation + lift)
  }

  /// 1 in the zenith at sea level.
  func absoluteAirMass(_ sun: ApparentSun) -> Double {
    Atmosphere.relativeAirMass(cosineZenith: sun.cosineZenith, elevation: sun.elevation) * pressure / 1013.25
  }

  /// 1 in the zenith.
  /// - Parameters:
  ///   - cosineZenith: of the sun.
  ///   - elevation: the same in degrees above the horizon.
  static func relativeAirMass(cosineZenith: Double, elevation: Double) -> Double {
    1 / (max(cosineZenith, 0) + 0.50572 * pow(6.07995 + max(elevation, 0), -1.6364))
  }
}
