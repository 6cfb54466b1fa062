import Glibc

/// Irradiance on a tilted plane.
///
/// Source: J. E. Hay, J. A. Davies (1980), "Calculations of the solar radiation incident on an inclined surface", as in pvlib's
/// `irradiance.haydavies`, with isotropic reflection from the ground.
struct PlaneOfArray: Sendable {
  /// The plane's normal.
  private let east: Double
  private let north: Double
  private let up: Double

  /// The share of light that the ground reflects: grass and soil (engineering judgement within 0.15...0.25).
  static let albedo = 0.2
  /// pvlib's floor for the cosine of the zenith angle (89 degrees).
  private static let lowestCosine = 0.01745

  /// - Parameters:
  ///   - tilt: degrees from horizontal.
  ///   - azimuth: degrees clockwise from north.
  init(tilt: Double, azimuth: Double) {
    let radians = Double.pi / 180
    east = sin(tilt * radians) * sin(azimuth * radians)
    north = sin(tilt * radians) * cos(azimuth * radians)
    up = cos(tilt * radians)
  }

  /// W/m2 on the front of the plane.
  func irradiance(_ sky: DirectAndDiffuse, sun: SunPosition) -> Double {
    guard sky.global > 0 else { return 0 }
    let incidence = max(0, sun.east * east + sun.north * north + sun.up * up)
    let circumsolar = sky.directNormal / sun.extraterrestrial
    let projection = incidence / max(sun.up, PlaneOfArray.lowestCosine)
    let direct = sky.directNormal * incidence
    let diffuse = sky.diffuse * (circumsolar * projection + (1 - circumsolar) * (1 + up) / 2)
    let reflected = sky.global * PlaneOfArray.albedo * (1 - up) / 2
    return direct + diffuse + reflected
  }
}
