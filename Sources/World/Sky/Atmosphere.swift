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

  /// The cosine of the zenith angle at which the sun appears.
  func apparentCosineZenith(_ sun: SunPosition) -> Double {
    // Above 60 degrees refraction lifts the sun by less than 0.01 degrees, which changes no irradiance that is printed.
    if sun.up > 0.9 { return sun.up }
    let elevation = asin(max(sun.up, -1)) * Atmosphere.degrees
    guard elevation >= -0.833 else { return sun.up }
    let lift = pressure / 1010 * (283 / 285) * 1.02 / (60 * tan((elevation + 10.3 / (elevation + 5.11)) / Atmosphere.degrees))
    return sin((elevation + lift) / Atmosphere.degrees)
  }

  /// 1 in the zenith at sea level.
  func absoluteAirMass(cosineZenith: Double) -> Double {
    Atmosphere.relativeAirMass(cosineZenith: cosineZenith) * pressure / 1013.25
  }

  /// 1 in the zenith.
  static func relativeAirMass(cosineZenith: Double) -> Double {
    let elevation = asin(min(max(cosineZenith, 0), 1)) * degrees
    return 1 / (max(cosineZenith, 0) + 0.50572 * pow(6.07995 + elevation, -1.6364))
  }
}
