import Glibc

/// Irradiance on the ground under a cloudless sky.
///
/// Source: B. Haurwitz (1945), "Insolation in relation to cloudiness and cloud density", Journal of Meteorology 2, with the
/// coefficients of pvlib's `clearsky.haurwitz`.
struct ClearSky: Sendable {
  /// Global horizontal irradiance in W/m2; 0 when the sun is down.
  static func globalHorizontal(cosineZenith: Double) -> Double {
    cosineZenith <= 0 ? 0 : 1098 * cosineZenith * exp(-0.059 / cosineZenith)
  }
}
