import Glibc

/// What the front glass of a module lets through, relative to light that falls straight on it.
///
/// Source: W. De Soto, S. A. Klein, W. A. Beckman (2006), "Improvement and validation of a model for photovoltaic array performance", Solar
/// Energy 80, as in pvlib's `iam.physical` (refractive index 1.526, 4 per metre, 2 mm). Diffuse light counts as light from
/// one effective angle: M. J. Brandemuehl, W. A. Beckman (1980), Solar Energy 24.
struct IncidenceLoss: Sendable {
  /// The share of the sky's and of the ground's light that passes.
  private let sky: Double
  private let ground: Double

  private static let index = 1.526
  private static let absorption = 4.0 * 0.002
  private static let reflected = (1 - index) / (1 + index)
  /// What passes of light that falls straight on the glass.
  private static let straight = (1 - reflected * reflected) * exp(-absorption)

  /// - Parameter tilt: of the plane, degrees from horizontal.
  init(tilt: Double) {
    let radians = Double.pi / 180
    sky = IncidenceLoss.transmission(cosine: cos((59.7 - 0.1388 * tilt + 0.001497 * tilt * tilt) * radians))
    ground = IncidenceLoss.transmission(cosine: cos((90 - 0.5788 * tilt + 0.002693 * tilt * tilt) * radians))
  }

  /// The irradiance that reaches the cells, W/m2.
  func effective(_ parts: PlaneOfArray.Parts, cosineOfIncidence: Double) -> Double {
    parts.direct * IncidenceLoss.transmission(cosine: cosineOfIncidence) + parts.sky * sky + parts.ground * ground
  }

  /// - Parameter cosine: of the angle of incidence.
  static func transmission(cosine: Double) -> Double {
    guard cosine > 0 else { return 0 }
    let outside = min(cosine, 1)
    let inside = (1 - (1 - outside * outside) / (index * index)).squareRoot()
    let perpendicular = (outside - index * inside) / (outside + index * inside)
    let parallel = (inside - index * outside) / (inside + index * outside)
    let passed = 1 - (perpendicular * perpendicular + parallel * parallel) / 2
    return passed * exp(-absorption / inside) / straight
  }
}
