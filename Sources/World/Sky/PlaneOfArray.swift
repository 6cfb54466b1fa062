import FleetSpec
import Glibc

/// Irradiance on a tilted plane.
///
/// Perez: R. Perez et al. (1990), "Modeling daylight availability and irradiance components from direct and global irradiance", Solar
/// Energy 44 (5), coefficients "all sites composite 1990". Hay-Davies: J. E. Hay, J. A. Davies (1980), "Calculations of the solar
/// radiation incident on an inclined surface". Isotropic: B. Y. H. Liu, R. C. Jordan (1963). All as in pvlib's `irradiance` module,
/// with isotropic reflection from the ground.
struct PlaneOfArray: Sendable {
  private let model: SkyModels.Transposition
  /// The share of light that the ground reflects.
  private let albedo: Double

  init(model: SkyModels.Transposition, albedo: Double) {
    self.model = model
    self.albedo = albedo
  }

  /// What falls on the front of a plane, W/m2, by where it comes from.
  struct Parts: Sendable, Equatable {
    var direct = 0.0
    var sky = 0.0
    var ground = 0.0
    var total: Double { direct + sky + ground }
  }

  func irradiance(_ sky: SkyIrradiance, sun: SunPosition, on plane: Orientation) -> Parts {
    guard sky.global > 0, sun.up > 0 else { return Parts() }
    let incidence = plane.cosineOfIncidence(sun)
    let dome: Double =
      switch model {
      case .isotropic: (1 + plane.up) / 2
      case .hayDavies: hayDavies(sky, sun: sun, plane: plane, incidence: max(incidence, 0))
      case .perez: perez(sky, sun: sun, plane: plane, incidence: max(incidence, 0))
      }
    return Parts(
      direct: sky.directNormal * max(incidence, 0), sky: max(sky.diffuse * dome, 0), ground: sky.global * albedo * (1 - plane.up) / 2)
  }

  /// pvlib's floor for the cosine of the zenith angle (89 degrees).
  private static let lowestCosine = 0.01745

  private func hayDavies(_ sky: SkyIrradiance, sun: SunPosition, plane: Orientation, incidence: Double) -> Double {
    let circumsolar = sky.directNormal / sun.extraterrestrial
    let projection = incidence / max(sun.up, PlaneOfArray.lowestCosine)
    return circumsolar * projection + (1 - circumsolar) * (1 + plane.up) / 2
  }

  private static let degrees = 180 / Double.pi
  /// The cosine of 85 degrees.
  private static let perezCosine = 0.087_155_742_747_658_2

  private func perez(_ sky: SkyIrradiance, sun: SunPosition, plane: Orientation, incidence: Double) -> Double {
    guard sky.diffuse > 0 else { return 0 }
    let zenith = acos(min(sun.up, 1))
    let cubic = 1.041 * zenith * zenith * zenith
    let clearness = ((sky.diffuse + sky.directNormal) / sky.diffuse + cubic) / (1 + cubic)
    let airMass = Atmosphere.relativeAirMass(cosineZenith: sun.up, elevation: 90 - zenith * PlaneOfArray.degrees)
    let brightness = sky.diffuse * airMass / sun.extraterrestrial
    let c = PerezCoefficients.row(clearness: clearness)
    let circumsolar = max(c.0 + c.1 * brightness + c.2 * zenith, 0)
    let horizon = c.3 + c.4 * brightness + c.5 * zenith
    return 0.5 * (1 - circumsolar) * (1 + plane.up) + circumsolar * incidence / max(sun.up, PlaneOfArray.perezCosine)
      + horizon * plane.sineOfTilt
  }
}

/// Perez et al. (1990), table 6: "all sites composite".
private enum PerezCoefficients {
  // A row each for the clearness from 1 on: F11, F12, F13, F21, F22, F23.
  static func row(clearness: Double) -> (Double, Double, Double, Double, Double, Double) {
    if clearness < 1.065 { return (-0.0080, 0.5880, -0.0620, -0.0600, 0.0720, -0.0220) }
    if clearness < 1.23 { return (0.1300, 0.6830, -0.1510, -0.0190, 0.0660, -0.0290) }
    if clearness < 1.5 { return (0.3300, 0.4870, -0.2210, 0.0550, -0.0640, -0.0260) }
    if clearness < 1.95 { return (0.5680, 0.1870, -0.2950, 0.1090, -0.1520, -0.0140) }
    if clearness < 2.8 { return (0.8730, -0.3920, -0.3620, 0.2260, -0.4620, 0.0010) }
    if clearness < 4.5 { return (1.1320, -1.2370, -0.4120, 0.2880, -0.8230, 0.0560) }
    if clearness < 6.2 { return (1.0600, -1.6000, -0.3590, 0.2640, -1.1270, 0.1310) }
    return (0.6780, -0.3270, -0.2500, 0.1560, -1.3770, 0.2510)
  }
}
