import FleetSpec
import Glibc

/// Irradiance under a sky, in W/m2.
struct SkyIrradiance: Sendable, Equatable {
  /// On a horizontal plane.
  var global = 0.0
  /// From the sun's disc, on a plane that faces it.
  var directNormal = 0.0
  /// From the rest of the sky, on a horizontal plane.
  var diffuse = 0.0
}

/// Irradiance on the ground under a cloudless sky.
///
/// Ineichen: P. Ineichen, R. Perez (2002), "A new airmass independent formulation for the Linke turbidity coefficient", Solar Energy 73 (3),
/// as in pvlib's `clearsky.ineichen` without Perez enhancement. Haurwitz: B. Haurwitz (1945), "Insolation in relation to cloudiness and cloud
/// density", Journal of Meteorology 2, with the coefficients of pvlib's `clearsky.haurwitz`.
struct ClearSky: Sendable {
  private let model: SkyModels.ClearSky
  private let atmosphere: Atmosphere
  /// Linke turbidity by month, January first.
  private let turbidity: [Double]
  private let lowHaze: Double
  private let highHaze: Double
  private let scale: Double
  private let extinction: Double

  init(site: Site, model: SkyModels.ClearSky) {
    self.model = model
    atmosphere = Atmosphere(altitude: site.altitude)
    turbidity = site.linkeTurbidity.count == 12 ? site.linkeTurbidity : LinkeTurbidity.climatology(latitude: site.latitude)
    lowHaze = exp(-site.altitude / 8000)
    highHaze = exp(-site.altitude / 1250)
    scale = 5.09e-5 * site.altitude + 0.868
    extinction = 3.92e-5 * site.altitude + 0.0387
  }

  /// - Parameters:
  ///   - season: share of the year that has passed, 0..<1; the turbidity is interpolated between the middles of months.
  func irradiance(sun: SunPosition, season: Double) -> SkyIrradiance {
    guard sun.up > 0 else { return SkyIrradiance() }
    switch model {
    case .ineichen: return ineichen(sun: sun, turbidity: turbidity(season: season))
    case .haurwitz:
      let global = ClearSky.haurwitz(cosineZenith: sun.up)
      // The share of the disc in clear air at a turbidity of about 3 (engineering judgement; Haurwitz gives no split).
      let direct = min(0.86 * global / sun.up, sun.extraterrestrial) * exp(-0.02 / sun.up)
      return SkyIrradiance(global: global, directNormal: direct, diffuse: global - direct * sun.up)
    }
  }

  func ineichen(sun: SunPosition, turbidity: Double) -> SkyIrradiance {
    let apparent = atmosphere.apparent(sun)
    let cosine = apparent.cosineZenith
    guard cosine > 0 else { return SkyIrradiance() }
    let airMass = atmosphere.absoluteAirMass(apparent)
    let attenuation = exp(-extinction * airMass * (lowHaze + highHaze * (turbidity - 1)))
    let global = scale * sun.extraterrestrial * cosine * attenuation
    let b = 0.664 + 0.163 / lowHaze
    let direct = sun.extraterrestrial * b * exp(-0.09 * airMass * (turbidity - 1))
    let limit = global * max((1 - (0.1 - 0.2 * exp(-turbidity)) / (0.1 + 0.882 / lowHaze)) / cosine, 0)
    let normal = min(direct, limit)
    return SkyIrradiance(global: global, directNormal: normal, diffuse: global - normal * cosine)
  }

  /// Global horizontal irradiance; 0 when the sun is down.
  static func haurwitz(cosineZenith: Double) -> Double {
    cosineZenith <= 0 ? 0 : 1098 * cosineZenith * exp(-0.059 / cosineZenith)
  }

  private func turbidity(season: Double) -> Double {
    let position = season * 12 - 0.5
    let whole = position.rounded(.down)
    let fraction = position - whole
    let before = turbidity[(Int(whole) + 12) % 12]
    let after = turbidity[(Int(whole) + 13) % 12]
    return before + (after - before) * fraction
  }
}

/// Linke turbidity where the fleet file does not say it.
enum LinkeTurbidity {
  /// By month, January first: 2.4 in a clean winter, 3.9 in summer, humid and dusty tropics higher.
  ///
  /// Engineering judgement within the ranges of J. Remund et al. (2003), "Worldwide Linke turbidity information", ISES Solar World Congress.
  static func climatology(latitude: Double) -> [Double] {
    let tropics = max(0, 1 - abs(latitude) / 30)
    return (0..<12).map { month in
      let summer = cos(2 * .pi * (Double(month) - 6) / 12) * (latitude < 0 ? -1 : 1)
      return 3.1 + 0.6 * tropics + (0.7 - 0.5 * tropics) * summer
    }
  }
}
