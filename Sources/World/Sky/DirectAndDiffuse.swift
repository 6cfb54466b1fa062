/// Global horizontal irradiance split into what comes from the sun's disc and what comes from the rest of the sky, in W/m2.
///
/// Source: D. G. Erbs, S. A. Klein, J. A. Duffie (1982), "Estimation of the diffuse radiation fraction for hourly, daily and monthly-
/// average global radiation", Solar Energy 28 (4); the limits near the horizon are pvlib's.
struct DirectAndDiffuse: Sendable {
  var global: Double
  /// On a plane that faces the sun.
  var directNormal: Double
  /// On a horizontal plane.
  var diffuse: Double

  /// Below this cosine of the zenith angle the clearness is worked out as if the sun stood at it (about 86 degrees).
  private static let lowestCosine = 0.065
  /// Beyond 87 degrees from the zenith nothing comes from the disc.
  private static let lowestDirectCosine = 0.052336

  init(global: Double, sun: SunPosition) {
    self.global = global
    guard global > 0, sun.up > 0 else {
      directNormal = 0
      diffuse = max(global, 0)
      return
    }
    let clearness = global / (sun.extraterrestrial * max(sun.up, DirectAndDiffuse.lowestCosine))
    let beam = global * (1 - DirectAndDiffuse.diffuseFraction(clearness: clearness)) / sun.up
    directNormal = sun.up < DirectAndDiffuse.lowestDirectCosine ? 0 : min(beam, sun.extraterrestrial)
    diffuse = global - directNormal * sun.up
  }

  /// The diffuse share of global irradiance at a clearness index.
  static func diffuseFraction(clearness k: Double) -> Double {
    if k <= 0.22 { return 1 - 0.09 * k }
    if k > 0.80 { return 0.165 }
    return 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)))
  }
}
